package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"time"

	qrcode "github.com/skip2/go-qrcode"
)

// perCohort is how many awards one award list holds.
const perCohort = 500

// writeSite writes a site folder with the sample academy's definitions and n
// awards.
func writeSite(dir string, n int, visibility string) error {
	for _, part := range []string{"content/site.yaml", "content/achievements", "content/images", "content/pages"} {
		if err := copyAll(part, filepath.Join(dir, part)); err != nil {
			return err
		}
	}
	for i := 0; i*perCohort < n; i++ {
		if err := writeCohort(dir, fmt.Sprintf("cohort-%03d", i), min(perCohort, n-i*perCohort), visibility); err != nil {
			return err
		}
	}
	return nil
}

func copyAll(from, to string) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return os.CopyFS(to, os.DirFS(from))
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}

// writeCohort writes an award list and its roster.
func writeCohort(dir, slug string, n int, visibility string) error {
	yaml := "name: Bench " + slug + "\nachievement: bookkeeping\nawardedDate: 2026-06-30\nvisibility: " + visibility + "\nroster: " + slug + ".csv\n"
	var csv bytes.Buffer
	csv.WriteString("name,email,result.grade,result.exam,creditsEarned\n")
	for i := range n {
		fmt.Fprintf(&csv, "Learner %s-%04d Exampleton,%s-%04d@learner.example.org,%c,%d,6\n", slug, i, slug, i, "ABC"[i%3], 60+i%40)
	}
	awards := filepath.Join(dir, "content/awards")
	if err := os.MkdirAll(awards, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(awards, slug+".yaml"), []byte(yaml), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(awards, slug+".csv"), csv.Bytes(), 0o644)
}

// codes times the two QR codes of a public award's page: where it is checked,
// and its credential for a wallet.
func codes(n int) (time.Duration, error) {
	const base = "https://academy.example.org/larkspur/"
	start := processorTime()
	for i := range n {
		id := fmt.Sprintf("5b0c7d1e-0000-4000-8000-%012d", i)
		for text, level := range map[string]qrcode.RecoveryLevel{
			base + "verify/#" + id:                     qrcode.Medium,
			base + "awards/" + id + "/credential.json": qrcode.Low,
		} {
			q, err := qrcode.New(text, level)
			if err != nil {
				return 0, err
			}
			q.Bitmap()
		}
	}
	return (processorTime() - start) / time.Duration(n), nil
}
