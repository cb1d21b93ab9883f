"""What the page's framework runs at each look at the page; it runs files by path, hence the absolute name."""

from labelcast.reports.studio.app import main

main()
