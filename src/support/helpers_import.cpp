// IMPORT_NAME and IMPORT_FROM.
#include "support/helpers_common.h"
#include <climits>
#include <cwchar>
#include <unistd.h>

namespace od::helper {
namespace {

// A new reference, null without an exception if there is none.
PyObject* optionalAttr(PyObject* o, PyObject* name, bool* failed) {
  PyObject* v;
  *failed = PyObject_GetOptionalAttr(o, name, &v) < 0;
  return v;
}

// spec.origin if the spec says that it is a place in the file system. False: exception.
bool fileOrigin(PyObject* spec, PyObject** origin) {
  bool failed;
  *origin = nullptr;
  PyObject* has = optionalAttr(spec, names.has_location, &failed);
  if (!has) return !failed;
  const int yes = PyObject_IsTrue(has);
  Py_DECREF(has);
  if (yes <= 0) return yes == 0;
  PyObject* o = optionalAttr(spec, names.origin, &failed);
  if (o && !PyUnicode_Check(o)) Py_CLEAR(o);
  *origin = o;
  return !failed;
}

// Could a module from this file hide one of the same name that lies later on sys.path? 1, 0, or -1 with an exception.
int maybeShadows(PyObject* origin) {
  const PyConfig* config = _Py_GetConfig();
  if (!origin || config->safe_path || !config->sys_path_0) return 0;
  wchar_t file[PATH_MAX + 1];
  const Py_ssize_t size = PyUnicode_AsWideChar(origin, file, PATH_MAX);
  if (size < 0) return -1;
  file[size] = 0;
  wchar_t* slash = wcsrchr(file, L'/');
  if (slash && wcscmp(slash + 1, L"__init__.py") == 0) {
    *slash = 0;
    slash = wcsrchr(file, L'/');
  }
  if (!slash) return 0;
  *slash = 0;
  if (config->sys_path_0[0]) return wcscmp(config->sys_path_0, file) == 0;
  char here[PATH_MAX];
  if (!getcwd(here, sizeof here)) return 0;
  wchar_t* wide = Py_DecodeLocale(here, nullptr);
  if (!wide) return 0;
  const int same = wcscmp(wide, file) == 0;
  PyMem_RawFree(wide);
  return same;
}

int isStdlibName(PyObject* name) {
  PyObject* all = PySys_GetObject("stdlib_module_names");
  return all && PyAnySet_Check(all) ? PySet_Contains(all, name) : 0;
}

int isInitializing(PyObject* spec) {
  bool failed;
  PyObject* v = optionalAttr(spec, names._initializing, &failed);
  if (!v) return failed ? -1 : 0;
  const int r = PyObject_IsTrue(v);
  Py_DECREF(v);
  return r;
}

// Everything the message of a failed `from module import name` depends on.
struct Failed {
  PyObject *module, *name, *moduleName /* or a placeholder */;
  PyObject *spec = nullptr, *origin = nullptr;

  // The message, or null with an exception.
  PyObject* message() { return Py_Version < 0x030D0100 ? messageOf3130() : messageByOrigin(); }

  // 3.13.0: by __file__ alone.
  PyObject* messageOf3130() {
    if (!completeOrigin()) return nullptr;
    if (!origin) return PyUnicode_FromFormat("cannot import name %R from %R (unknown location)", name, moduleName);
    bool failed;
    spec = optionalAttr(module, names.__spec__, &failed);
    const int initializing = failed ? -1 : spec ? isInitializing(spec) : 0;
    if (initializing < 0) return nullptr;
    return initializing ? whileInitializing(false) : plain();
  }

  // Later patch levels: by the spec, and with a hint if the module may hide another one.
  PyObject* messageByOrigin() {
    bool failed;
    spec = optionalAttr(module, names.__spec__, &failed);
    if (failed) return nullptr;
    if (!spec) return PyUnicode_FromFormat("cannot import name %R from %R (unknown location)", name, moduleName);
    if (!fileOrigin(spec, &origin)) return nullptr;
    const int shadows = maybeShadows(origin);
    if (shadows < 0) return nullptr;
    const int hidesStdlib = shadows ? isStdlibName(moduleName) : 0;
    if (hidesStdlib < 0 || !completeOrigin()) return nullptr;
    if (hidesStdlib)
      return PyUnicode_FromFormat(
          "cannot import name %R from %R (consider renaming %R since it has the same name as the standard library "
          "module named %R and prevents importing that standard library module)",
          name, moduleName, origin, moduleName);
    const int initializing = isInitializing(spec);
    if (initializing < 0) return nullptr;
    return initializing ? whileInitializing(shadows) : plain();
  }

  // Falls back on __file__.
  bool completeOrigin() {
    if (origin || !PyModule_Check(module)) return true;
    origin = PyModule_GetFilenameObject(module);
    if (origin) return true;
    if (!PyErr_ExceptionMatches(PyExc_SystemError)) return false;
    PyErr_Clear();
    return true;
  }

  PyObject* whileInitializing(bool shadows) {
    if (shadows)
      return PyUnicode_FromFormat(
          "cannot import name %R from %R (consider renaming %R if it has the same name as a library you intended to "
          "import)",
          name, moduleName, origin);
    if (origin)
      return PyUnicode_FromFormat(
          "cannot import name %R from partially initialized module %R (most likely due to a circular import) (%S)",
          name, moduleName, origin);
    return PyUnicode_FromFormat(
        "cannot import name %R from partially initialized module %R (most likely due to a circular import)", name,
        moduleName);
  }

  PyObject* plain() {
    if (origin) return PyUnicode_FromFormat("cannot import name %R from %R (%S)", name, moduleName, origin);
    return PyUnicode_FromFormat("cannot import name %R from %R (unknown location)", name, moduleName);
  }
};

void raiseImportError(PyObject* message, PyObject* moduleName, PyObject* path, PyObject* name) {
  PyObject* kw = Py_BuildValue("{sOsOsO}", "name", moduleName ? moduleName : Py_None, "path", path ? path : Py_None,
                               "name_from", name);
  if (!kw) return;
  PyObject* e = PyObject_VectorcallDict(PyExc_ImportError, &message, 1, kw);
  Py_DECREF(kw);
  if (!e) return;
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(e)), e);
  Py_DECREF(e);
}

// moduleName: a str, or null if the module has none that is usable.
void cannotImport(PyObject* module, PyObject* moduleName, PyObject* name) {
  PyObject* shown = moduleName ? Py_NewRef(moduleName) : PyUnicode_FromString("<unknown module name>");
  if (!shown) return;
  Failed f{module, name, shown};
  if (PyObject* message = f.message()) {
    raiseImportError(message, moduleName, f.origin, name);
    Py_DECREF(message);
  }
  Py_XDECREF(f.origin);
  Py_XDECREF(f.spec);
  Py_DECREF(shown);
}

PyObject* importWith(PyObject* function, _PyInterpreterFrame* frame, PyObject* name, PyObject* fromlist,
                     PyObject* level) {
  PyObject* locals = frame->f_locals ? frame->f_locals : Py_None;
  if (builtinImport && PyCFunction_CheckExact(function) && PyCFunction_GET_FUNCTION(function) == builtinImport) {
    Py_DECREF(function);
    const int n = PyLong_AsInt(level);
    if (n == -1 && PyErr_Occurred()) return nullptr;
    return PyImport_ImportModuleLevelObject(name, frame->f_globals, locals, fromlist, n);
  }
  PyObject* args[] = {name, frame->f_globals, locals, fromlist, level};
  PyObject* r = PyObject_Vectorcall(function, args, 5, nullptr);
  Py_DECREF(function);
  return r;
}

}  // namespace

PyObject* import_name(PyThreadState*, _PyInterpreterFrame* frame, PyObject* level, PyObject* fromlist, PyObject* name) {
  PyObject *function, *r = nullptr;
  if (PyMapping_GetOptionalItem(frame->f_builtins, names.__import__, &function) == 0)
    PyErr_SetString(PyExc_ImportError, "__import__ not found");
  if (function) r = importWith(function, frame, name, fromlist, level);
  drop(level, fromlist);
  return r;
}

PyObject* import_from(PyThreadState*, _PyInterpreterFrame*, PyObject* module, PyObject* name) {
  PyObject* v;
  if (PyObject_GetOptionalAttr(module, name, &v) != 0) return v;
  // In a circular import the submodule may be complete without being an attribute yet.
  bool failed;
  PyObject* moduleName = optionalAttr(module, names.__name__, &failed);
  if (failed) return nullptr;
  if (moduleName && !PyUnicode_Check(moduleName)) Py_CLEAR(moduleName);
  if (moduleName) {
    PyObject* full = PyUnicode_FromFormat("%U.%U", moduleName, name);
    v = full ? PyImport_GetModule(full) : nullptr;
    Py_XDECREF(full);
  }
  if (!v && !PyErr_Occurred()) cannotImport(module, moduleName, name);
  Py_XDECREF(moduleName);
  return v;
}

}  // namespace od::helper
