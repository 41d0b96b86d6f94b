"""Links to Wikidata: checked offline, suggested, verified and compared; nothing here changes the graph."""
