package durable

import "testing"

func TestCrowd(t *testing.T) {
	for list, want := range map[string]string{
		"D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;S-1-5-21-1-2-3-1001)": "",
		"D:AI(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)":                   "Users",
		"D:(A;ID;0x1301bf;;;AU)":                                   "Authenticated Users",
		"D:(A;OICIIO;GA;;;WD)(A;;FR;;;WD)":                         "Everyone",
		"D:(A;OICIIO;GA;;;WD)":                                     "",
		"D:(D;;FR;;;WD)":                                           "",
		"D:(A;;FX;;;BU)":                                           "",
		"D:(A;;CCLC;;;IU)":                                         "Interactive",
		"D:(A;;0x100000;;;WD)":                                     "",
	} {
		if got := crowd(list); got != want {
			t.Errorf("%s: %q, want %q", list, got, want)
		}
	}
}
