// What CPython's initialize_locals does, for calls that succeed.
//
// Everything that can fail comes first; references move only once it is certain that nobody else has to bind.
#include "jit/bind.h"

namespace od {
namespace {

class Binder {
 public:
  Binder(PyFunctionObject* func, PyCodeObject* code, const Arguments& a, PyObject** slots)
      : func_(func), code_(code), a_(a), slots_(slots), named_(code->co_argcount + code->co_kwonlyargcount) {}

  // Borrowed in the slots, but for the new containers of *args and **kwargs.
  bool choose() {
    if (named_ > kMost) return false;
    positional_ = a_.n < code_->co_argcount ? a_.n : code_->co_argcount;
    if (a_.n > positional_ && !(code_->co_flags & CO_VARARGS)) return false;
    for (Py_ssize_t i = 0; i < positional_; i++) slots_[i] = a_.at[i];
    for (Py_ssize_t i = positional_; i < named_; i++) slots_[i] = nullptr;
    if (a_.kwnames && PyTuple_GET_SIZE(a_.kwnames) && !keywords()) return false;
    return defaults() && keywordDefaults() && containers();
  }

  // Cannot fail any more.
  void own() {
    if (!a_.move) {
      for (Py_ssize_t i = 0; i < named_; i++) Py_INCREF(slots_[i]);
      return;
    }
    // What was given moves; defaults are new references. Keywords for **kwargs are held by the dict as well.
    for (Py_ssize_t i = positional_; i < named_; i++)
      if (isDefault(i)) Py_INCREF(slots_[i]);
    for (Py_ssize_t k = 0; k < keywordCount(); k++)
      if (extra_ & uint64_t(1) << k) Py_DECREF(a_.at[a_.n + k]);
  }

  void undo() {
    Py_XDECREF(extras_);
    Py_XDECREF(rest_);
  }

 private:
  static constexpr Py_ssize_t kMost = 64;   // keywords, parameters: more is CPython's

  Py_ssize_t keywordCount() const { return a_.kwnames ? PyTuple_GET_SIZE(a_.kwnames) : 0; }
  bool isDefault(Py_ssize_t i) const { return !(given_ & uint64_t(1) << i); }

  // The parameter of that name that may be given by keyword, or -1; -2 where only Python code could tell.
  Py_ssize_t parameter(PyObject* name) const {
    if (!PyUnicode_CheckExact(name)) return -2;
    PyObject** names = &PyTuple_GET_ITEM(code_->co_localsplusnames, 0);
    for (Py_ssize_t i = code_->co_posonlyargcount; i < named_; i++)
      if (names[i] == name) return i;
    for (Py_ssize_t i = code_->co_posonlyargcount; i < named_; i++)
      if (_PyUnicode_Equal(names[i], name)) return i;
    return -1;
  }

  bool keywords() {
    if (keywordCount() > kMost) return false;
    for (Py_ssize_t k = 0; k < keywordCount(); k++) {
      PyObject* name = PyTuple_GET_ITEM(a_.kwnames, k);
      const Py_ssize_t i = parameter(name);
      if (i >= 0) {
        if (slots_[i]) return false;   // given twice
        slots_[i] = a_.at[a_.n + k];
        given_ |= uint64_t(1) << i;
        continue;
      }
      if (i == -2 || !(code_->co_flags & CO_VARKEYWORDS)) return false;
      if (!extras_ && !(extras_ = PyDict_New())) return forget();
      if (PyDict_SetItem(extras_, name, a_.at[a_.n + k]) < 0) return forget();
      extra_ |= uint64_t(1) << k;
    }
    return true;
  }

  bool defaults() {
    const Py_ssize_t have = func_->func_defaults ? PyTuple_GET_SIZE(func_->func_defaults) : 0;
    const Py_ssize_t first = code_->co_argcount - have;
    for (Py_ssize_t i = positional_; i < code_->co_argcount; i++) {
      if (slots_[i]) continue;
      if (i < first) return false;
      slots_[i] = PyTuple_GET_ITEM(func_->func_defaults, i - first);
    }
    return true;
  }

  bool keywordDefaults() {
    for (Py_ssize_t i = code_->co_argcount; i < named_; i++) {
      if (slots_[i]) continue;
      PyObject* d = func_->func_kwdefaults;
      if (!d || !PyDict_CheckExact(d)) return false;
      slots_[i] = PyDict_GetItemWithError(d, PyTuple_GET_ITEM(code_->co_localsplusnames, i));
      if (!slots_[i]) return forget();
    }
    return true;
  }

  bool containers() {
    PyObject** at = slots_ + named_;
    if (code_->co_flags & CO_VARARGS) {
      const Py_ssize_t n = a_.n - positional_;
      rest_ = PyTuple_New(n);
      if (!rest_) return forget();
      for (Py_ssize_t i = 0; i < n; i++) {
        PyObject* o = a_.at[positional_ + i];
        PyTuple_SET_ITEM(rest_, i, a_.move ? o : Py_NewRef(o));
      }
      *at++ = rest_;
    }
    if (code_->co_flags & CO_VARKEYWORDS) {
      if (!extras_ && !(extras_ = PyDict_New())) {
        if (rest_ && a_.move)   // its items are still the caller's
          for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(rest_); i++) PyTuple_SET_ITEM(rest_, i, nullptr);
        return forget();
      }
      *at = extras_;
    }
    return true;
  }

  bool forget() {
    PyErr_Clear();
    return false;
  }

  PyFunctionObject* func_;
  PyCodeObject* code_;
  const Arguments& a_;
  PyObject** slots_;
  Py_ssize_t named_;               // parameters but for *args and **kwargs
  Py_ssize_t positional_ = 0;      // given by position
  uint64_t given_ = 0;             // by parameter: given by keyword
  uint64_t extra_ = 0;             // by keyword: gone into **kwargs
  PyObject *rest_ = nullptr, *extras_ = nullptr;
};

}  // namespace

bool bindArguments(PyFunctionObject* func, PyCodeObject* code, const Arguments& a, PyObject** slots) {
  Binder b(func, code, a, slots);
  if (!b.choose()) {
    b.undo();
    return false;
  }
  b.own();
  return true;
}

}  // namespace od
