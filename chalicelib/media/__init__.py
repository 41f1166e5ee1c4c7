"""Photos: checked by what is in them, stripped of what tells where they were taken, kept in S3 by brand and content."""
