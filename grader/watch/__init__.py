"""Grades at each save: hears of saves, keeps an examiner alive, and redraws the screen."""
