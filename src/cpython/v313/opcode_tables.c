// CPython's generated opcode tables, instantiated. In C, because they are designated array initialisers with gaps, which
// C++ has not got.
#define NEED_OPCODE_METADATA
#include <Python.h>
#include "internal/pycore_opcode_metadata.h"

int od_v313_cache_units(int opcode) { return _PyOpcode_Caches[opcode]; }
int od_v313_base_opcode(int opcode) { return _PyOpcode_Deopt[opcode]; }
