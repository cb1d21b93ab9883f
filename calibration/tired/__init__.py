"""Whether people get worse the longer they have been at work: the fit, and what a profile and a report say of it."""
