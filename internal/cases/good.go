package cases

// Good returns credentials of every format that are valid.
func Good() []Case {
	return build("good", []attack{
		signed("eddsa-rdfc-2022", valid, "ok", func(object) {}),
	})
}
