// Attributes and namespaces. Guards are version tags: they are never reused, so nothing need be kept alive for them.
#include <cstddef>
#include "build/builder.h"
#include "support/poly_site.h"

namespace od {

// The owner (a plain heap object with inline values) still has them inline.
void Builder::inlineValues(Ref& owner) {
  ValueId valid = load(Op::LoadU8, owner.v, L_.inline_values + L_.values_valid);
  guardCmp(Cond::Ne, valid, constI64(0), Reason::no_values);
}

// No instance attribute shadows: the class's shared keys are as they were.
void Builder::keysGuard(Ref& owner, uint32_t version) {
  ValueId t = load(Op::LoadI64, owner.v, L_.ob_type);
  ValueId keys = load(Op::LoadI64, t, L_.ht_cached_keys);
  guardCmp(Cond::Eq, load(Op::LoadU32, keys, L_.keys_version), constI64(version), Reason::dict_keys);
}

// The owner on the stack gives way to the attribute (and, in method form, a null).
void Builder::attr(ValueId v, Own own, bool methodForm) {
  Ref owner = pop();
  push(v, own);
  if (methodForm) st_.slots.push_back(Ref{});
  drops({owner});
}

// The owner on the stack becomes self behind a function found in its class.
void Builder::method(const void* descr) {
  Ref owner = pop();
  push(constObj(descr), Own::Lazy);
  st_.slots.push_back(owner);
}

// Two blocks that have not ended, each with an owned result for the same slot, go on as one.
ValueId Builder::eitherResult(BlockId on, BlockId a, ValueId x, BlockId b, ValueId y) {
  cur_ = a;
  joinAt(on);
  cur_ = b;
  joinAt(on);
  cur_ = on;
  ValueId p = f.make(Op::Phi, {x, y});
  f[p].rep = Rep::Obj;
  f[p].type = f[x].type | f[y].type;
  f[p].block = on;
  f[p].pc = in_->at;
  f[on].phis.push_back(p);
  return p;
}

// Several classes come here: a field is found through the site's memory, everything else through the helper.
bool Builder::polyAttr() {
  const void* name = s_.names[in_->arg >> 1];
  Ref owner = pop();
  retainLazies();   // on both ways: only one of them calls out
  State before = st_;
  ValueId t = load(Op::LoadI64, owner.v, L_.ob_type);
  ValueId e = emit(Op::PolyLookup, {load(Op::LoadU32, t, L_.tp_version_tag)}, (int64_t)in_->fb.site);
  BlockId known, unknown, set, unset, miss = f.newBlock(), on = f.newBlock();
  f[miss].cold = true;
  fork(nonZero(e), known, unknown);
  cur_ = unknown;
  joinAt(miss);
  cur_ = known;
  ValueId v = emit(Op::LoadField, {owner.v, e});
  f[v].type = Type::nullable();
  fork(emit(Op::IsObj, {v}, 0), unset, set);
  cur_ = unset;
  joinAt(miss);
  cur_ = set;
  emit(Op::Retain, {v});
  push(v, Own::Owned);
  drops({owner});
  pop();
  BlockId hit = cur_;
  cur_ = miss;
  st_ = before;
  ValueId c = helper(Helper::get_attr_poly, {take(owner), constObj(name), constI64((int64_t)in_->fb.site)}, Type::object());
  push(c, Own::Owned);
  finish(c);
  pop();
  ValueId r = eitherResult(on, hit, v, cur_, c);
  st_.unboxed = before.unboxed;
  st_.versions.clear();
  f[r].type = Type::object();
  push(r, Own::Owned);
  if (in_->arg & 1) st_.slots.push_back(Ref{});
  return true;
}

// Several classes come here, each with a method of that name.
bool Builder::polyMethod() {
  Ref& owner = top();
  ValueId m = helper(Helper::find_method, {owner.v, constObj(s_.names[in_->arg >> 1])}, Type::object());
  ValueId g = guardNotNull(m, Reason::not_same);
  found_.insert(root(g).raw);
  Ref self = pop();
  push(g, Own::Owned);
  pushRef(self);
  return true;
}

bool Builder::genericAttr() {
  const void* name = s_.names[in_->arg >> 1];
  bool methodForm = in_->arg & 1;
  if (in_->fb.site && f[top().v].rep == Rep::Obj) {
    if (!methodForm && type(top().v).may(Kind::Other)) return polyAttr();
    if (methodForm && mayGuess(Reason::not_same)) return polyMethod();
  }
  Ref owner = pop();
  ValueId o = take(owner);
  if (!methodForm) {
    return pushResult(helper(Helper::get_attr, {o, constObj(name)}, Type::object()));
  }
  ValueId second = aux(1);
  ValueId c = helper(Helper::load_method, {o, constObj(name), second}, Type::object());
  ValueId self = load(Op::LoadObj, second, 0, Type::nullable());
  push(c, Own::Owned);
  push(self, Own::Owned);
  leaveIfChanged();
  return true;
}

bool Builder::loadAttr() {
  const Feedback& fb = in_->fb;
  bool methodForm = in_->arg & 1;
  Ref& owner = top();
  if (s_.generic || f[owner.v].rep != Rep::Obj || fb.spec <= Spec::Never) return genericAttr();
  bool versioned = fb.spec != Spec::ModuleAttr && fb.spec != Spec::ClassAttr;
  if (versioned && !mayGuess(Reason::not_version)) return genericAttr();
  switch (fb.spec) {
    case Spec::InstanceValue: {
      if (!mayGuess(Reason::no_values) || !mayGuess(Reason::unbound)) break;
      guardVersion(owner, fb.typeVersion);
      inlineValues(owner);
      ValueId v = load(Op::LoadObj, owner.v, L_.inline_values + L_.values_array + 8 * (int64_t)fb.index, Type::nullable());
      ValueId g = guardNotNull(v, Reason::unbound);
      attr(g, Own::Lazy, methodForm);
      return true;
    }
    case Spec::Slot: {
      if (!mayGuess(Reason::unbound)) break;
      guardVersion(owner, fb.typeVersion);
      ValueId v = load(Op::LoadObj, owner.v, fb.index, Type::nullable());
      ValueId g = guardNotNull(v, Reason::unbound);
      attr(g, Own::Lazy, methodForm);
      return true;
    }
    case Spec::MethodWithValues: case Spec::NondescriptorWithValues:
      if (!mayGuess(Reason::no_values) || !mayGuess(Reason::dict_keys)) break;
      guardVersion(owner, fb.typeVersion);
      inlineValues(owner);
      keysGuard(owner, fb.keysVersion);
      if (fb.spec == Spec::MethodWithValues) method(fb.object);
      else attr(constObj(fb.object), Own::Lazy, methodForm);
      return true;
    case Spec::MethodNoDict: case Spec::NondescriptorNoDict:
      // Exact builtin types never change: their kind is a stronger fact than a version.
      if (Kind k = type(owner.v).single(); k == Kind::Count || k == Kind::Other) guardVersion(owner, fb.typeVersion);
      else if (!L_.kindType[unsigned(k)]) break;
      if (fb.spec == Spec::MethodNoDict) method(fb.object);
      else attr(constObj(fb.object), Own::Lazy, methodForm);
      return true;
    case Spec::MethodLazyDict: {
      if (!mayGuess(Reason::dict_keys)) break;
      guardVersion(owner, fb.typeVersion);
      ValueId d = load(Op::LoadI64, owner.v, L_.managed_dict + (int64_t)fb.index);
      guardCmp(Cond::Eq, d, constI64(0), Reason::dict_keys);
      method(fb.object);
      return true;
    }
    case Spec::ModuleAttr: {
      // Entries lie behind the keys object's index table, whose size goes with the version.
      if (!fb.object || !mayGuess(Reason::dict_keys) || !mayGuess(Reason::unbound) ||
          !guessKind(owner, Kind::Module, Reason::not_kind))
        break;
      ValueId v = namespaceValue(load(Op::LoadI64, owner.v, L_.module_dict), fb.keysVersion, fb.index);
      hints_[root(v).raw] = fb.object;
      attr(v, Own::Lazy, methodForm);
      return true;
    }
    case Spec::ClassAttr:
      if (!mayGuess(Reason::not_version)) break;
      guardClassVersion(owner.v, fb.typeVersion, Reason::not_version);
      attr(constObj(fb.object), Own::Lazy, methodForm);
      return true;
    case Spec::Property: {
      const ObjectInfo* fn = s_.object(fb.object);
      if (!fn || fn->kind != Kind::Function || !fn->function.simple || !fn->function.cell || fn->function.argcount != 1) break;
      if (!mayGuess(Reason::callee_changed)) break;
      guardVersion(owner, fb.typeVersion);
      Ref func{constObj(fb.object), Own::Lazy};
      guardCmp(Cond::Eq, load(Op::LoadI64, func.v, L_.fn_code), constI64((int64_t)fn->function.code), Reason::callee_changed);
      Ref self = pop();
      ValueId c = callUnit(fn->function, func, {take(self)});
      push(c, Own::Owned);
      if (!f[c].after) f[c].after = afterState();
      return true;
    }
    default: break;
  }
  return genericAttr();
}

// Replaces `old`, which a container owns, by r; then lets go of the container and the key. A number that only the container
// holds is overwritten in place: nobody can tell it from a new one.
void Builder::storeOver(ValueId old, Ref r, Ref container, Ref key, const std::function<void(ValueId)>& store) {
  Rep rep = r.v ? f[r.v].rep : Rep::Obj;
  bool isInt = rep == Rep::I64 && f[r.v].op != Op::ConstI64;
  bool inPlace = (rep == Rep::F64 || isInt) && !inSlots(r.v) && !unbound_.count(r.v.raw);
  BlockId unique, other, on;
  if (inPlace) {
    on = f.newBlock();
    fork(emit(Op::IsUnique, {old}, (int64_t)(isInt ? Kind::Int : Kind::Float)), unique, other);
    cur_ = unique;
    if (isInt) {
      // Positive, of one digit, and not one of the cached small ints.
      BlockId fits, misfits;
      ValueId range = emit(Op::CmpI, {emit(Op::SubWrap, {r.v, constI64(257)}), constI64((1 << 30) - 257)}, 0, (uint32_t)Cond::ULt);
      fork(range, fits, misfits);
      BlockId general = f.newBlock();
      cur_ = misfits;
      joinAt(general);
      cur_ = other;
      joinAt(general);
      other = general;
      cur_ = fits;
      emit(Op::StoreI64, {old, constI64(8)}, L_.long_tag);
      emit(Op::StoreI32, {old, r.v}, L_.long_digit);
    } else {
      emit(Op::StoreF64, {old, r.v}, L_.float_value);
    }
    joinAt(on);
    cur_ = other;
  }
  ValueId v = inPlace ? boxed(r.v) : take(r);
  store(v);
  // What is popped and still owned belongs to the state that the old value's destructor may leave through.
  pending_.clear();
  for (const Ref& p : {key, container})
    if (releases(p) && (pending_.empty() || root(pending_[0]) != root(p.v))) pending_.push_back(p.v);
  ValueId rel = emit(Op::Release, {old});
  if (!f[old].type.isLeaf()) {
    st_.versions.clear();
    f[rel].state = afterState();
  }
  pending_.clear();
  if (inPlace) {
    joinAt(on);
    cur_ = on;
  }
  drops({key, container});
}

bool Builder::storeAttr() {
  const Feedback& fb = in_->fb;
  const void* name = s_.names[in_->arg];
  Ref& owner = top(0);
  bool guess = !s_.generic && f[owner.v].rep == Rep::Obj && mayGuess(Reason::not_version);
  if (guess && fb.spec == Spec::Slot) {
    guardVersion(owner, fb.typeVersion);
    Ref o = pop(), r = pop();
    retainLazies();
    ValueId old = load(Op::LoadObj, o.v, fb.index, Type::nullable());
    storeOver(old, r, o, Ref{}, [&](ValueId v) { emit(Op::StoreObj, {o.v, v}, fb.index); });
    return true;
  }
  if (guess && fb.spec == Spec::InstanceValue && mayGuess(Reason::no_values)) {
    guardVersion(owner, fb.typeVersion);
    guardCmp(Cond::Eq, load(Op::LoadI64, owner.v, L_.managed_dict), constI64(0), Reason::no_values);
    inlineValues(owner);
    Ref o = pop(), r = pop();
    retainLazies();
    int64_t at = L_.inline_values + L_.values_array + 8 * (int64_t)fb.index;
    ValueId old = load(Op::LoadObj, o.v, at, Type::nullable());
    if (r.v && f[r.v].rep != Rep::Obj && inSlots(r.v)) object(r);   // in the slots too, on both sides of the fork
    // A first store also notes the order of insertion.
    BlockId fresh, again, on = f.newBlock();
    fork(emit(Op::IsObj, {old}, 0), fresh, again);
    State saved = st_;
    cur_ = fresh;
    ValueId v = take(r);
    helper(Helper::insert_inline_value, {o.v, constI64(fb.index), v}, Type());
    taken_.clear();
    drops({o});
    joinAt(on);
    cur_ = again;
    st_ = std::move(saved);
    storeOver(old, r, o, Ref{}, [&](ValueId n) { emit(Op::StoreObj, {o.v, n}, at); });
    joinAt(on);
    cur_ = on;
    st_.versions.clear();
    return true;
  }
  Ref o = pop(), r = pop();
  ValueId vo = take(o), vr = take(r);
  ValueId c = helper(Helper::set_attr, {vr, vo, constObj(name)}, Type());
  finish(c);
  return true;
}

bool Builder::superAttr() {
  const void* name = s_.names[in_->arg >> 2];
  Ref self = pop(), cls = pop(), super = pop();
  ValueId a = take(super), b = take(cls), c = take(self);
  ValueId second = aux(1);
  ValueId v = helper(Helper::load_super_attr, {a, b, c, constObj(name), constI64(in_->arg), second}, Type::object());
  if (in_->arg & 1) {
    ValueId s = load(Op::LoadObj, second, 0, Type::nullable());
    push(v, Own::Owned);
    push(s, Own::Owned);
    leaveIfChanged();
    return true;
  }
  return pushResult(v);
}

// ---------------------------------------------------------------- globals

// The value of a dict's entry, known by the version of its keys: same version, same keys object, same place.
ValueId Builder::namespaceValue(ValueId dict, uint32_t version, uint32_t offset) {
  ValueId keys = load(Op::LoadI64, dict, L_.dict_keys);
  guardCmp(Cond::Eq, load(Op::LoadU32, keys, L_.keys_version), constI64(version), Reason::dict_keys);
  if (!offset) return ValueId();
  ValueId v = load(Op::LoadObj, keys, offset, Type::nullable());
  ValueId g = guardNotNull(v, Reason::unbound);
  return g;
}

bool Builder::loadGlobal() {
  const Feedback& fb = in_->fb;
  const void* name = s_.names[in_->arg >> 1];
  bool withNull = in_->arg & 1;
  if (!s_.generic && fb.spec > Spec::Never && s_.globals && mayGuess(Reason::dict_keys) && mayGuess(Reason::unbound)) {
    ValueId func = emit(Op::LoadFunc, {});
    ValueId globals = load(Op::LoadI64, func, L_.fn_globals);
    ValueId v;
    if (fb.spec == Spec::GlobalModule) {
      v = namespaceValue(globals, fb.keysVersion, fb.index);
    } else {
      namespaceValue(globals, fb.keysVersion, 0);
      v = namespaceValue(load(Op::LoadI64, func, L_.fn_builtins), fb.keysVersion2, fb.index);
    }
    hints_[root(v).raw] = fb.object;
    push(v, Own::Lazy);
    if (withNull) st_.slots.push_back(Ref{});
    return true;
  }
  ValueId c = helper(Helper::load_global, {constObj(name)}, Type::object());
  push(c, Own::Owned);
  if (withNull) st_.slots.push_back(Ref{});
  finish(c);
  return true;
}

}  // namespace od
