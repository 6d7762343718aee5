"""From the pixels and words of a chat screenshot to who said what when, with its doubts."""
