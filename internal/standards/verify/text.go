package verify

import "laurel/internal/material/text"

// safe and quote make what a credential says fit for a sentence.
func safe(s string) string  { return text.Escape(s) }
func quote(s string) string { return text.Quote(s) }
