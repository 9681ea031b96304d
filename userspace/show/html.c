// SPDX-License-Identifier: GPL-2.0
/* A page: head, escaped words, tables, figures. The charts are in chart-*.c. */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/safe-text.h"
#include "show/html.h"

#define TEXT_MAX 8192

/* html.css as it is, with a NUL behind it. */
__asm__(".pushsection .rodata\n"
	".global html_style\n"
	"html_style: .incbin \"html.css\"\n"
	".byte 0\n"
	".popsection\n");

static void escape(FILE *out, const char *text)
{
	safe_print(out, TO_HTML, text);
}

static void escape_args(FILE *out, const char *format, va_list args)
{
	char text[TEXT_MAX];

	vsnprintf(text, sizeof(text), format, args);
	escape(out, text);
}

void html_text(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	escape_args(out, format, args);
	va_end(args);
}

/*
 * What is there already is left alone: not even opened, as who reads a pipe would take
 * that for all, and a link that leads nowhere yet is not followed.
 */
static bool is_writable(const char *file)
{
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	struct stat status;

	if (fd >= 0) {
		close(fd);
		unlink(file);
		return true;
	}
	if (errno != EEXIST)
		return false;
	if (stat(file, &status))
		return errno == ENOENT;
	if (S_ISDIR(status.st_mode)) {
		errno = EISDIR;
		return false;
	}
	return !eaccess(file, W_OK);
}

int html_check(const char *file)
{
	if (!strcmp(file, "-") || is_writable(file))
		return 0;
	warn("cannot write %s", file);
	return -1;
}

FILE *html_open(const char *file, const char *title)
{
	FILE *out = !strcmp(file, "-") ? stdout : fopen(file, "we");

	if (!out) {
		warn("cannot write %s", file);
		return NULL;
	}
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	      "<link rel=\"icon\" href=\"data:,\">\n<title>", out);
	escape(out, title);
	fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<header>\n<h1>", html_style);
	escape(out, title);
	fputs("</h1>\n</header>\n", out);
	return out;
}

/* A disk that is full shows itself only now. */
int html_close(FILE *out, const char *file)
{
	bool failed;

	fputs("</body>\n</html>\n", out);
	if (out == stdout)
		return 0;	/* main.c looks for its errors */
	failed = ferror(out);
	if (!fclose(out) && !failed)
		return 0;
	warn("cannot write %s", file);
	return -1;
}

void html_table_begin(FILE *out, const char *caption)
{
	fputs("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"", out);
	escape(out, caption);
	fputs("\">\n<table>\n<caption>", out);
	escape(out, caption);
	fputs("</caption>\n<thead><tr>", out);
}

void html_heading(FILE *out, const char *text, bool right)
{
	fprintf(out, "<th scope=\"col\"%s>", right ? " class=\"r\"" : "");
	escape(out, text);
	fputs("</th>", out);
}

void html_rows(FILE *out)
{
	fputs("</tr></thead>\n<tbody>\n", out);
}

void html_table_end(FILE *out)
{
	fputs("</tbody>\n</table>\n</div>\n", out);
}

void html_figure_begin(FILE *out, const char *caption)
{
	fputs("<figure>\n<figcaption>", out);
	escape(out, caption);
	fputs("</figcaption>\n", out);
}

void html_figure_end(FILE *out)
{
	fputs("</figure>\n", out);
}

static void svg_words(FILE *out, const char *title, const char *description)
{
	fputs(" role=\"img\">\n<title>", out);
	escape(out, title);
	fputs("</title>\n<desc>", out);
	escape(out, description);
	fputs("</desc>\n", out);
}

void svg_begin(FILE *out, const char *id, int height, const char *title,
	       const char *description)
{
	fprintf(out, "<svg id=\"%s\" height=\"%d\"", id, height);
	svg_words(out, title, description);
}

void svg_stretched_begin(FILE *out, const char *id, int height, size_t across, size_t down,
			 const char *title, const char *description)
{
	fprintf(out, "<svg id=\"%s\" height=\"%d\" viewBox=\"0 0 %zu %zu\" preserveAspectRatio=\"none\"",
		id, height, across, down);
	svg_words(out, title, description);
}

void svg_end(FILE *out)
{
	fputs("</svg>\n", out);
}

void svg_text(FILE *out, double x, double dx, double y, const char *class, const char *anchor,
	      const char *format, ...)
{
	va_list args;

	fprintf(out, "<text x=\"%.2f%%\" dx=\"%.0f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">",
		x, dx, y, class, anchor);
	va_start(args, format);
	escape_args(out, format, args);
	va_end(args);
	fputs("</text>\n", out);
}

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2)
{
	fprintf(out, "<line class=\"%s\" x1=\"%.2f%%\" y1=\"%.1f\" x2=\"%.2f%%\" y2=\"%.1f\"/>\n",
		class, x1, y1, x2, y2);
}

void svg_rect(FILE *out, const char *class, double x, double y, double width, double height)
{
	fprintf(out, "<rect class=\"%s\" x=\"%.2f%%\" y=\"%.1f\" width=\"%.2f%%\" height=\"%.1f\"/>\n",
		class, x, y, width, height);
}
