package text_test

import (
	"testing"

	"laurel/internal/material/text"
)

// What was read in a wrong encoding is known; what people write is not taken for it.
func TestMojibake(t *testing.T) {
	for s, want := range map[string]string{
		"JÃ¼rgen": "Jürgen", "ZoÃ« Ã†rÃ¸": "Zoë Ærø", "MÃ¼ÃŸig": "Müßig", "Å�ukasz": "", "Å‚ukasz": "łukasz", "Ionuț PopÈ›a": "Ionuț Popța",
		"O’Neill": "", "Oâ€™Neill": "O’Neill", "Ð˜Ð²Ð°Ð½": "Иван", "Ãdám": "", "Ã\u0081dám": "Ádám", "à la": "", "Ã\u00a0 la": "à la",
		"ä¸\u00adæ–‡": "中文", "Nguyá»…n": "Nguyễn", "Â«TitelÂ»": "«Titel»", "20Â°": "20°", "Ä°brahim": "İbrahim",
	} {
		if got := text.Mojibake(s); got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
	for _, s := range []string{
		"", "Jürgen Müßig", "João SÃO PAULO", "IRMÃ", "«IRMû", "«CAFÉ»", "«CAFÈ…»", "VIRTÙ™", "PERÒ…", "NIÑO", "Ærøskøbing", "Đorđe", "Þórr", "Ålesund",
		"Ève", "«GIOVENTÙ»", "Ó Briain", "ÎLE", "Ïa", "Ñandú", "Æ’", "Ê»okina", "Ümit Şahin", "Иван", "Ελένη", "李 Example", "ÄÖÜ", "COTÉ’S", "Ò°",
		"RENÉ®", "CAFə", "Å", "Ã", "Â", "Ãµ?"[0:2], "André–Marie", "É–È", "El Niño", "Zoë", "ŒUVRÉ", "PÃES", "AVÃS",
	} {
		if got := text.Mojibake(s); got != "" {
			t.Errorf("%q is taken for %q", s, got)
		}
	}
}
