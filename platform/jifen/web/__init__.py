"""The design system: base layouts, components, words for figures and dates, forms and error pages. Knows no room."""
