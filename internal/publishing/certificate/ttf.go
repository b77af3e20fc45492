package certificate

import (
	"encoding/binary"
	"errors"
)

// embeddable cuts a TrueType font into its tables, and looks for what has to be in
// them: the tables that are read, characters
// by a table of format 4, and a licence that allows embedding (OpenType
// Specification 1.9, "cmap", "OS/2").
func embeddable(data []byte) (map[string][]byte, error) {
	tables, err := tablesOf(data)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"} {
		if len(tables[name]) < 6 {
			return nil, errors.New("a TrueType font without its table " + name)
		}
	}
	if binary.BigEndian.Uint16(tables["name"]) != 0 {
		return nil, errors.New("a TrueType font whose names are in a form that cannot be embedded")
	}
	if head, hhea := tables["head"], tables["hhea"]; len(head) < 54 || len(hhea) < 36 || head[50] != 0 || head[51] > 1 ||
		binary.BigEndian.Uint16(head[52:]) != 0 || binary.BigEndian.Uint16(hhea[32:]) != 0 {
		return nil, errors.New("a TrueType font of an unknown kind")
	}
	if os2 := tables["OS/2"]; len(os2) >= 10 {
		// fsType: bit 1 restricted, bits 8 and 9 not in parts or as bitmaps only.
		if rights := binary.BigEndian.Uint16(os2[8:]); rights&0xf == 2 || rights&0x0300 != 0 {
			return nil, errors.New("a TrueType font whose licence forbids embedding it")
		}
	}
	if !hasFormat4(tables["cmap"]) {
		return nil, errors.New("a TrueType font that does not list its characters as PDF requires (cmap format 4)")
	}
	return tables, nil
}

// tablesOf cuts a font into its tables.
func tablesOf(data []byte) (map[string][]byte, error) {
	broken := errors.New("not a TrueType font: its tables are not where it says they are")
	if len(data) < 12 {
		return nil, broken
	}
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		at := 12 + 16*i
		if len(data) < at+16 {
			return nil, broken
		}
		offset, size := int64(binary.BigEndian.Uint32(data[at+8:])), int64(binary.BigEndian.Uint32(data[at+12:]))
		if offset+size > int64(len(data)) {
			return nil, broken
		}
		tables[string(data[at:at+4])] = data[offset : offset+size]
	}
	return tables, nil
}

// hasFormat4 tells whether the first table of characters by Unicode is one of
// format 4: the only one that is looked at.
func hasFormat4(cmap []byte) bool {
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		at := 4 + 8*i
		if len(cmap) < at+8 {
			return false
		}
		platform, encoding := binary.BigEndian.Uint16(cmap[at:]), binary.BigEndian.Uint16(cmap[at+2:])
		offset := int64(binary.BigEndian.Uint32(cmap[at+4:]))
		if (platform == 3 && encoding == 1 || platform == 0) && offset+2 <= int64(len(cmap)) && binary.BigEndian.Uint16(cmap[offset:]) == 4 {
			return true
		}
	}
	return false
}
