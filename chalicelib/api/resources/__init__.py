"""The handlers of `/v1`, thin: what was asked → an action of a feature → what is shown of it."""
