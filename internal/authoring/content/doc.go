// Package content reads the content/ folder of a site into a checked
// model.Site, or says everything that is wrong with it, at once, each problem
// with its file, line, column and field.
//
// It owns the YAML, CSV and Markdown that authors write. It guesses nothing:
// an unknown or repeated field, a number where text belongs, a local time, a
// reference that leads nowhere, a picture that is none are problems. It knows
// nothing of keys, the ledger or credentials, and writes nothing. Content is
// not trusted: everything is read through an os.Root, no symbolic link is
// followed, no FIFO or device opened, and every file, value and depth has a
// limit (files.go, yaml.go, text.go, roster.go).
//
// What can be written is in the manual, internal/docs/content/pages/fields.md and
// spreadsheets.md; vocabulary.go has the names.
package content
