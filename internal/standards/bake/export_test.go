package bake

// PNG bakes a credential into a PNG.
func PNG(image, credential []byte) ([]byte, error) { return bakeInto(NewPNG, image, credential) }

// SVG bakes a credential into an SVG.
func SVG(image, credential []byte) ([]byte, error) { return bakeInto(NewSVG, image, credential) }

func bakeInto(blank func(image []byte) (*Blank, error), image, credential []byte) ([]byte, error) {
	b, err := blank(image)
	if err != nil {
		return nil, err
	}
	return b.Bake(credential)
}

// Text is what a picture holds after a credential was baked into it.
func Text(credential []byte) ([]byte, error) {
	t, err := newText(credential)
	return t.data, err
}
