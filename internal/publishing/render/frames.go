package render

import "strings"

// frames are the ornaments of certificates, in the colours of a look: pictures that a
// theme can replace as any other of its assets. The PDFs draw the same.
func (l Look) frames() map[string][]byte {
	set := l.palette().Print
	colours := strings.NewReplacer("{accent}", set.Accent.String(), "{ink}", set.AccentInk.String(), "{gold}", "#b08d43")
	files := map[string][]byte{}
	for name, svg := range map[string]string{"classic": classicFrame, "modern": modernBand, "portrait": portraitFrame} {
		files["assets/frame-"+name+".svg"] = []byte(colours.Replace(svg))
	}
	return files
}

// The drawings: waves that cross each other, of which one is written and used twice as
// often again and again; an ellipse that is turned over and over; notched corners.
const (
	classicFrame  = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 297 210" preserveAspectRatio="none"><defs><path id="sheet-w1" d="M0 0q1.607-7.2 3.214 0t3.215 0M0 0q1.607 7.2 3.214 0t3.215 0M0 0q1.607-4 3.214 0t3.215 0M0 0q1.607 4 3.214 0t3.215 0"/><g id="sheet-w2"><use href="#sheet-w1"/><use href="#sheet-w1" x="6.429"/></g><g id="sheet-w4"><use href="#sheet-w2"/><use href="#sheet-w2" x="12.857"/></g><g id="sheet-w8"><use href="#sheet-w4"/><use href="#sheet-w4" x="25.714"/></g><g id="sheet-w16"><use href="#sheet-w8"/><use href="#sheet-w8" x="51.429"/></g><g id="sheet-w32"><use href="#sheet-w16"/><use href="#sheet-w16" x="102.857"/></g><g id="sheet-wide"><use href="#sheet-w32"/><use href="#sheet-w8" x="205.714"/><use href="#sheet-w2" x="257.143"/></g><g id="sheet-high"><use href="#sheet-w16"/><use href="#sheet-w8" x="102.857"/><use href="#sheet-w4" x="154.286"/></g><g id="sheet-corner"><circle fill="#fff" r="7.8"/><circle fill="none" stroke="{gold}" r="7.8" stroke-width=".7"/><circle fill="none" stroke="{accent}" r="6.6" stroke-width=".3"/><g fill="none" stroke="{accent}" stroke-width=".2"><g id="sheet-petals"><circle cx="3" r="3"/><circle cy="3" r="3"/><circle cx="-3" r="3"/><circle cy="-3" r="3"/></g><use href="#sheet-petals" transform="rotate(30)"/><use href="#sheet-petals" transform="rotate(60)"/></g></g></defs><rect fill="none" stroke="{accent}" x="9.4" y="9.4" width="278.2" height="191.2" stroke-width=".8"/><g fill="none" stroke="{accent}" stroke-width=".2"><use href="#sheet-wide" x="13.5" y="13.5"/><use href="#sheet-wide" x="13.5" y="196.5"/><g transform="matrix(0 1.0167 -1 0 13.5 13.5)"><use href="#sheet-high"/></g><g transform="matrix(0 1.0167 -1 0 283.5 13.5)"><use href="#sheet-high"/></g></g><rect fill="none" stroke="{gold}" x="17.6" y="17.6" width="261.8" height="174.8" stroke-width=".5"/><rect fill="none" stroke="{gold}" x="18.7" y="18.7" width="259.6" height="172.6" stroke-width=".2"/><use href="#sheet-corner" x="13.5" y="13.5"/><use href="#sheet-corner" x="283.5" y="13.5"/><use href="#sheet-corner" x="13.5" y="196.5"/><use href="#sheet-corner" x="283.5" y="196.5"/></svg>`
	modernBand    = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-38 -105 76 210" preserveAspectRatio="xMidYMid slice"><defs><g id="turn"><ellipse rx="102" ry="48"/><ellipse rx="102" ry="48" transform="rotate(11.25)"/><ellipse rx="102" ry="48" transform="rotate(22.5)"/><ellipse rx="102" ry="48" transform="rotate(33.75)"/></g></defs><path fill="{accent}" d="M-200-200h400v400h-400z"/><g fill="none" stroke="{ink}" stroke-width=".25" opacity=".2"><use href="#turn"/><use href="#turn" transform="rotate(45)"/><use href="#turn" transform="rotate(90)"/><use href="#turn" transform="rotate(135)"/></g></svg>`
	portraitFrame = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297" preserveAspectRatio="none"><path fill="none" stroke="{accent}" stroke-width="1.1" d="M17 9H193Q193 17 201 17V280Q193 280 193 288H17Q17 280 9 280V17Q17 17 17 9Z"/><path fill="none" stroke="{gold}" stroke-width=".4" d="M19.5 11.5H190.5Q190.5 19.5 198.5 19.5V277.5Q190.5 277.5 190.5 285.5H19.5Q19.5 277.5 11.5 277.5V19.5Q19.5 19.5 19.5 11.5Z"/><g fill="none" stroke="{gold}" stroke-width=".6"><circle cx="11.6" cy="11.6" r="2.3"/><circle cx="198.4" cy="11.6" r="2.3"/><circle cx="11.6" cy="285.4" r="2.3"/><circle cx="198.4" cy="285.4" r="2.3"/></g></svg>`
)
