"""Pages for three readers, each of one run, comparison, budget or bottleneck: program manager, finance, team lead."""

from .finance import finance_page
from .lead import lead_page
from .manager import manager_page
from .sheet import Drawn, Sheet, page_html, write_figures

__all__ = ["Drawn", "Sheet", "finance_page", "lead_page", "manager_page", "page_html", "write_figures"]
