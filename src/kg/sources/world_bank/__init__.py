"""The World Bank's list of firms and individuals that it does not finance."""
