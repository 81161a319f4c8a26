"""Forecasts: methods, joint sample paths and their backtest; pure."""
