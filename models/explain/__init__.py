"""Why a week is what it is: attribution, reasons, caveats, counterfactuals."""
