package picture

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// rewriteImages decodes the raster images of a tree and puts them back as PNG.
// An image that cannot be read is an error: the picture would not be the
// author's any more.
func rewriteImages(n *svgNode, count *int) error {
	if href, ok := n.attrs["xlink:href"]; ok && n.name == "image" {
		if *count++; *count > maxSVGImages {
			return fmt.Errorf("it has more than %d images", maxSVGImages)
		}
		out, err := rewriteImage(href)
		if err != nil {
			return fmt.Errorf("image %d in it: %w", *count, err)
		}
		n.attrs["xlink:href"] = out
	}
	for _, k := range n.kids {
		if err := rewriteImages(k, count); err != nil {
			return err
		}
	}
	return nil
}

func rewriteImage(href string) (string, error) {
	head, body, _ := strings.Cut(href, ",")
	media := PNG
	if strings.Contains(head, "/jp") {
		media = JPEG
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	if err != nil {
		return "", errors.New("its data URL is not base64")
	}
	m, err := decode(data, media, maxSVGImageSide)
	if err != nil {
		return "", err
	}
	out, err := fit(m)
	if err != nil {
		return "", err
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(out), nil
}

// checkReferences follows every reference as a painter would, and refuses
// circles and documents that draw too much.
func checkReferences(root *svgNode) error {
	c := refCounter{ids: map[string]*svgNode{}, drawn: map[*svgNode]int{}}
	c.collect(root)
	n, err := c.count(root)
	if err == nil && n > maxSVGDrawn {
		err = fmt.Errorf("it draws more than %d elements", maxSVGDrawn)
	}
	return err
}

type refCounter struct {
	ids   map[string]*svgNode
	drawn map[*svgNode]int // elements drawn for a node; counting: not known yet
}

const counting = -1

// collect notes which element an id stands for: the first that has it.
func (c *refCounter) collect(n *svgNode) {
	if id, ok := n.attrs["id"]; ok && c.ids[id] == nil {
		c.ids[id] = n
	}
	for _, k := range n.kids {
		c.collect(k)
	}
}

func (c *refCounter) count(n *svgNode) (int, error) {
	switch done := c.drawn[n]; {
	case done == counting:
		return 0, errors.New("it refers to itself")
	case done > 0:
		return done, nil
	}
	c.drawn[n] = counting
	total := 1
	for _, k := range append(c.references(n), n.kids...) {
		drawn, err := c.count(k)
		if err != nil {
			return 0, err
		}
		total = min(total+drawn, maxSVGDrawn+1)
	}
	c.drawn[n] = total
	return total, nil
}

// references returns the elements that the attributes of an element name.
func (c *refCounter) references(n *svgNode) []*svgNode {
	var out []*svgNode
	for name, value := range n.attrs {
		id := ""
		if m := urlPattern.FindStringSubmatch(value); m != nil && presentation[name] {
			id = m[1]
		} else if name == "xlink:href" {
			id = strings.TrimPrefix(value, "#")
		}
		if target := c.ids[id]; target != nil && id != "" {
			out = append(out, target)
		}
	}
	return out
}
