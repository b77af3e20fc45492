package content

import (
	"bytes"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"laurel/internal/authoring/model"
	"laurel/internal/material/picture"
	"laurel/internal/material/text"
)

const evidenceDir = "content/evidence"

// evidenceFolder is content/evidence.
type evidenceFolder struct {
	fileFolder
	checked map[string]*model.EvidenceFile // nil: was reported
}

// evidenceFile reads which file a piece of evidence is.
func (l *loader) evidenceFile(o object) *model.EvidenceFile {
	v, name, ok := o.textOf("file")
	if !ok {
		return nil
	}
	if id, ok := o.get("id"); ok {
		id.problem("and file are both given, and evidence is one thing", "write the file here, and the page in an item of its own")
		return nil
	}
	name = strings.TrimPrefix(name, "evidence/")
	if f, ok := l.files.checked[name]; ok {
		return f
	}
	if l.files.checked == nil {
		l.files.checked = map[string]*model.EvidenceFile{}
	}
	mediaType := model.EvidenceTypes[strings.ToLower(path.Ext(name))]
	switch {
	case strings.Contains(name, "://"):
		v.problem("must be a file, not a URL", "for what is on a page elsewhere, write id: with its URL")
		return nil
	case !imageName.MatchString(name) || strings.Contains(name, "..") || !text.IsFileName(path.Base(name)):
		v.problem("must be the name of a file in "+evidenceDir, "use letters, digits, dots, hyphens and underscores, at most 100 characters; the name is published with a public award")
		return nil
	case mediaType == "":
		v.problem("is not a .pdf, .png, .jpg or .txt file", "convert it to PDF, or put it on a page of its own and write its URL as id")
		return nil
	case !slices.Contains(l.files.names, name):
		v.problem("there is no such file in "+evidenceDir, didYouMean(name, l.files.names))
		return nil
	}
	f := l.checkEvidence(name, mediaType)
	l.files.checked[name] = f
	return f
}

// checkEvidence reads a file of evidence and reports what is wrong with it. Nothing in
// it is changed: its learner can compare it with their own.
func (l *loader) checkEvidence(file, mediaType string) *model.EvidenceFile {
	name := evidenceDir + "/" + file
	data, err := l.readPlain(name, model.MaxEvidence)
	if err != nil {
		try := ""
		if _, is := err.(tooLarge); is {
			try = "make it smaller, or put it on a page of its own and write its URL as id"
		}
		l.fault(name, err.Error(), try)
		return nil
	}
	if fault, hint := evidenceFault(data, mediaType); fault != "" {
		l.fault(name, fault, hint)
		return nil
	}
	return &model.EvidenceFile{File: file, MediaType: mediaType, SHA256: digest(data), Size: int64(len(data))}
}

func evidenceFault(data []byte, mediaType string) (fault, hint string) {
	switch mediaType {
	case picture.PNG, picture.JPEG:
		if problems := picture.Check(data, mediaType); len(problems) > 0 {
			return problems[0].Text, problems[0].Hint
		}
		if picture.HasPosition(data) {
			return "tells where on Earth it was taken", "export it again without its location (GPS), as whoever sees the award can read it"
		}
	case "application/pdf":
		if !bytes.HasPrefix(data, []byte("%PDF-")) {
			return "is not a PDF", "export it as PDF again"
		}
	case "text/plain":
		for _, r := range string(data) {
			if r == '\ufffd' {
				return "is not text in UTF-8", "save it as UTF-8"
			}
			if fault := text.Fault(r); fault != "" && !strings.ContainsRune("\t\r\n\ufeff", r) {
				return "contains " + fault, "delete that character"
			}
		}
	}
	if len(data) == 0 {
		return "is empty", "delete it, or put the file here"
	}
	return "", ""
}

// evidenceTogether judges what the files of one award's evidence are together.
func (l *loader) evidenceTogether(o object, list []model.Evidence) {
	names := map[string]bool{}
	total := int64(0)
	at, _ := o.get("evidence")
	for _, e := range list {
		if e.File == nil {
			continue
		}
		base := strings.ToLower(path.Base(e.File.File))
		if names[base] {
			at.problem("has two files that are both called "+path.Base(e.File.File), "rename one: they are published side by side")
			return
		}
		names[base] = true
		total += e.File.Size
	}
	if total > model.MaxEvidence {
		at.problem("has files of more than "+size(model.MaxEvidence)+" together", "make them smaller (a photograph 1600 pixels wide, a PDF exported for the screen), or write id: with the URL of a page")
	}
}

// Evidence finds files of evidence by what they are, also where they were renamed
// since an award was signed.
type Evidence struct {
	root  *os.Root
	index func() map[string]string // name by digest
}

// NewEvidence looks into content/evidence of the site folder that root is open on,
// when it is asked first.
func NewEvidence(root *os.Root) *Evidence {
	e := &Evidence{root: root}
	e.index = sync.OnceValue(e.read)
	return e
}

func (e *Evidence) read() map[string]string {
	l := newLoader(e.root)
	found := map[string]string{}
	l.files.read(l, evidenceDir)
	for _, name := range l.files.names {
		if data, err := l.readPlain(evidenceDir+"/"+name, model.MaxEvidence); err == nil {
			found[digest(data)] = name
		}
	}
	return found
}

// EvidenceError says that a file that was signed as evidence is there no more.
type EvidenceError struct{ SHA256 string }

func (e *EvidenceError) Error() string {
	return "no file of " + evidenceDir + " is the one that was signed"
}

// Hint says what to try.
func (e *EvidenceError) Hint() string {
	return "put it back as it was (its SHA-256 is " + e.SHA256 + "), or sign the award anew as it is now: laurel reissue AWARD"
}

// Bytes are those of the file with a hex SHA-256, or the error is an *EvidenceError.
func (e *Evidence) Bytes(sha256 string) ([]byte, error) {
	if name, ok := e.index()[sha256]; ok {
		data, err := newLoader(e.root).readPlain(evidenceDir+"/"+name, model.MaxEvidence)
		if err == nil && digest(data) == sha256 {
			return data, nil
		}
	}
	return nil, &EvidenceError{sha256}
}
