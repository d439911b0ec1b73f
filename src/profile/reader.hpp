// The reading side of the record file, as far as it has to be fast: samples and nodes become columns, the rest is handed out raw.
#pragma once
#include <Python.h>

namespace od::profile {

/// scan(buffer) -> dict. Raises ValueError with a sentence for a file that is none of ours or of a later version.
PyObject* scan_record(PyObject*, PyObject* args);

/// pack(buffer, part) -> bytes: what a merged file keeps of one part.
PyObject* pack_record(PyObject*, PyObject* args);

}  // namespace od::profile
