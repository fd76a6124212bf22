/*
 * fuzz_yaml.c - the reader of YAML documents, and the parser under it, on any bytes.
 *
 * Oracle: the strict loader of base/yaml. Where it has no complaint, the reader finds
 * as many documents, none damaged, and the values are equal as far as both type them
 * alike; documents that are lists are left out, as the reader cuts them.
 */
#include "config.h"

#include <string.h>

#include "base/yaml.h"
#include "checked.h"

extern const struct reader reader_gcp_yaml;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORD_MAX 2048

static void
compare_value(const struct yaml_doc *doc)
{
	struct yaml_fault fault;
	json_t *value = yaml_value(doc->text, 64, NULL, &fault);

	require(value != NULL);
	/* ~ is null for one and text for the other */
	if (slice_find_byte(doc->text, 0, '~') == SIZE_MAX)
		require(json_equal(value, doc->root));
	json_decref(value);
}

static void
compare_with_loader(const char *p, size_t n)
{
	struct yaml_file f;
	size_t documents = 0;
	bool lists = false;

	if (yaml_load(&f, "input", slice_of(p, n), NULL, NULL) == 0) {
		for (size_t i = 0; i < f.docs; i++) {
			/* a line like "- insertId: x" begins an entry whatever stands before it */
			lists |= json_is_array(f.doc[i].root) ||
			    slice_find(f.doc[i].text, 0, SLICE("\n- ")) != SIZE_MAX;
			compare_value(&f.doc[i]);
			documents++;
		}
		if (!lists) {
			struct checked c = check_reader(&reader_gcp_yaml, p, n, n + 1, 64);

			require(c.entries + c.bads == documents);
		}
	}
	yaml_file_free(&f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;

	check_reader(&reader_gcp_yaml, p, size, RECORD_MAX, 16);
	if (size > 0 && is_plain_text(p, size))
		compare_with_loader(p, size);
	return 0;
}
