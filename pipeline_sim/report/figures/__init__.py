"""One file per question; a figure's title says what was found."""
