"""Abusive wording in messages: un-cloak the text, match the lexicon, report the smallest clause with its rule id."""
