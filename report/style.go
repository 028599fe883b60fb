package report

import "html/template"

// Style is the style sheet of all pages of this program, with the figures' colours
// for light and dark screens.
func Style() template.CSS { return template.CSS(paletteCSS() + pageCSS) }

// Inline is an SVG drawing of package figure, fit to stand within a page that has
// [Style]: its colours follow the reader's screen.
func Inline(svg []byte) template.HTML { return template.HTML(schemed(svg)) }
