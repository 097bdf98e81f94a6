"""Questions about flows, one file a check: where a case may go, what it waits for, and who hears of it."""
