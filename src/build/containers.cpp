// Subscripts, displays and unpacking.
#include "build/builder.h"

namespace od {

// Guards seq[sub] for an exact list or tuple and a non-negative int in range; the address of the items and the index.
bool Builder::element(Kind k, Ref& seq, Ref& sub, ValueId& items, ValueId& index) {
  if (s_.generic || !mayGuess(Reason::index_range) || !mayGuess(Reason::int_overflow)) return false;
  if (!guessKind(sub, Kind::Int, Reason::not_int) || !canI64(sub) || !guessKind(seq, k, Reason::not_kind)) return false;
  index = i64(sub);
  ValueId size = load(Op::LoadI64, seq.v, L_.ob_size);
  guardCmp(Cond::ULt, index, size, Reason::index_range);
  items = k == Kind::List ? load(Op::LoadI64, seq.v, L_.list_items) : seq.v;
  return true;
}

bool Builder::subscr() {
  const Feedback& fb = in_->fb;
  Ref& sub = top(0);
  Ref& seq = top(1);
  Kind k = known(seq.v, Kind::List) || fb.spec == Spec::ListInt ? Kind::List
           : known(seq.v, Kind::Tuple) || fb.spec == Spec::TupleInt ? Kind::Tuple : Kind::Count;
  ValueId items, index;
  bool intIndex = fb.spec == Spec::ListInt || fb.spec == Spec::TupleInt || canI64(sub);
  if (k != Kind::Count && intIndex && element(k, seq, sub, items, index)) {
    ValueId v = emit(Op::LoadObjAt, {items, index}, k == Kind::List ? 0 : L_.tuple_items);
    f[v].type = Type::object();
    replaceTwo(v, Own::Lazy);
    return true;
  }
  if ((fb.spec == Spec::StrInt || (known(seq.v, Kind::Str) && canI64(sub))) && mayGuess(Reason::index_range) &&
      mayGuess(Reason::int_overflow) && guessKind(sub, Kind::Int, Reason::not_int) && canI64(sub) &&
      guessKind(seq, Kind::Str, Reason::not_kind)) {
    ValueId i = i64(sub);
    guardCmp(Cond::ULt, i, load(Op::LoadI64, seq.v, L_.unicode_length), Reason::index_range);
    ValueId g = guardNotNull(helper(Helper::str_index, {seq.v, i}, Kind::Str), Reason::index_range);
    replaceTwo(g, Own::Owned);
    return true;
  }
  Ref b = pop(), a = pop();
  ValueId vb = take(b), va = take(a);
  return pushResult(helper(Helper::get_item, {va, vb, constI64((int64_t)fb.profileSlot)}, Type::object()));
}

bool Builder::storeSubscr() {
  const Feedback& fb = in_->fb;
  Ref& sub = top(0);
  Ref& seq = top(1);
  ValueId items, index;
  if ((fb.spec == Spec::ListInt || (known(seq.v, Kind::List) && canI64(sub))) && element(Kind::List, seq, sub, items, index)) {
    Ref b = pop(), a = pop(), r = pop();
    retainLazies();
    ValueId old = emit(Op::LoadObjAt, {items, index}, 0);
    f[old].type = Type::object();
    storeOver(old, r, a, b, [&](ValueId v) { emit(Op::StoreObjAt, {items, index, v}, 0); });
    return true;
  }
  Ref b = pop(), a = pop(), r = pop();
  ValueId vb = take(b), va = take(a), vr = take(r);
  ValueId c = helper(Helper::set_item, {vr, va, vb, constI64((int64_t)fb.profileSlot)}, Type());
  finish(c);
  return true;
}

// The n topmost entries, oldest first, into a helper that consumes them as an array.
bool Builder::array(Helper h, uint32_t n, Type result) {
  std::vector<Ref> refs(n);
  for (uint32_t i = n; i-- > 0;) refs[i] = pop();
  std::vector<ValueId> args(n);
  for (uint32_t i = 0; i < n; i++) args[i] = take(refs[i]);
  return pushResult(helper(h, args, result, 0));
}

bool Builder::containers() {
  uint32_t n = (uint32_t)in_->arg;
  // One owned entry on top goes into the container `n` entries below it.
  auto into = [&](Helper h, bool observableRow) {
    Ref r = pop();
    ValueId v = take(r);
    ValueId container = top(n - 1).v;
    ValueId c = helper(h, {container, v}, Type());
    if (observableRow) finish(c);
    return true;
  };
  switch (in_->op) {
    case Inst::BuildTuple: {
      if (!n) return false;
      const Instr* next = following();
      if (next && next->op == Inst::CompareOp && next->fb.spec != Spec::Never && n <= 16 && top(n).v && known(top(n).v, Kind::Tuple)) {
        items_ = n;
        return true;
      }
      return array(Helper::build_tuple, n, Kind::Tuple);
    }
    case Inst::BuildList: return array(Helper::build_list, n, Kind::List);
    case Inst::BuildSet: return array(Helper::build_set, n, Kind::Set);
    case Inst::BuildMap: return array(Helper::build_map, 2 * n, Kind::Dict);
    case Inst::BuildConstKeyMap: return array(Helper::build_const_key_map, n + 1, Kind::Dict);
    case Inst::BuildString: return array(Helper::build_string, n, Kind::Str);
    case Inst::BuildSlice: {
      Ref step = n == 3 ? pop() : Ref{};
      Ref stop = pop(), start = pop();
      ValueId a = take(start), b = take(stop), c = take(step);
      push(helper(Helper::build_slice, {a, b, c}, Kind::Slice), Own::Owned);
      return true;
    }
    case Inst::BinarySlice: {
      Ref stop = pop(), start = pop(), seq = pop();
      ValueId a = take(seq), b = take(start), d = take(stop);
      return pushResult(helper(Helper::binary_slice, {a, b, d}, Type::object()));
    }
    case Inst::StoreSlice: {
      Ref stop = pop(), start = pop(), seq = pop(), r = pop();
      ValueId v = take(r), a = take(seq), b = take(start), d = take(stop);
      finish(helper(Helper::store_slice, {v, a, b, d}, Type()));
      return true;
    }
    case Inst::DeleteSubscr: {
      Ref sub = pop(), seq = pop();
      ValueId a = take(seq), b = take(sub);
      finish(helper(Helper::del_item, {a, b}, Type()));
      return true;
    }
    case Inst::ListAppend: return into(Helper::list_append, false);
    case Inst::ListExtend: return into(Helper::list_extend, true);
    case Inst::SetAdd: return into(Helper::set_add, true);
    case Inst::SetUpdate: return into(Helper::set_update, true);
    case Inst::DictUpdate: return into(Helper::dict_update, true);
    case Inst::DictMerge: {
      Ref r = pop();
      ValueId v = take(r);
      ValueId dict = top(n - 1).v, callee = top(n + 2).v;
      finish(helper(Helper::dict_merge, {dict, v, callee}, Type()));
      return true;
    }
    case Inst::MapAdd: {
      Ref r = pop(), k = pop();
      ValueId key = take(k), v = take(r);
      finish(helper(Helper::map_add, {top(n - 1).v, key, v}, Type()));
      return true;
    }
    default: return false;
  }
}

bool Builder::unpack() {
  const Feedback& fb = in_->fb;
  if (in_->op == Inst::UnpackSequence) {
    uint32_t n = (uint32_t)in_->arg;
    Ref& seq = top();
    Kind k = known(seq.v, Kind::Tuple) || fb.spec == Spec::Tuple || fb.spec == Spec::TwoTuple ? Kind::Tuple
             : known(seq.v, Kind::List) || fb.spec == Spec::List ? Kind::List : Kind::Count;
    if (k != Kind::Count && mayGuess(Reason::index_range) && guessKind(seq, k, Reason::not_kind)) {
      guardCmp(Cond::Eq, load(Op::LoadI64, seq.v, L_.ob_size), constI64(n), Reason::index_range);
      ValueId items = k == Kind::List ? load(Op::LoadI64, seq.v, L_.list_items) : seq.v;
      Ref s = pop();
      for (uint32_t i = n; i-- > 0;)
        push(load(Op::LoadObj, items, 8 * (int64_t)i + (k == Kind::List ? 0 : L_.tuple_items)), Own::Lazy);
      drops({s});
      return true;
    }
    Ref s = pop();
    ValueId v = take(s), items = aux(n);
    helper(Helper::unpack_sequence, {v, constI64(n), items}, Type());
    for (uint32_t i = n; i-- > 0;) push(load(Op::LoadObj, items, 8 * (int64_t)i), Own::Owned);
    leaveIfChanged();
    return true;
  }
  uint32_t before = (uint32_t)in_->arg & 255, after = (uint32_t)in_->arg >> 8, n = before + 1 + after;
  Ref s = pop();
  ValueId v = take(s), items = aux(n);
  helper(Helper::unpack_ex, {v, constI64(before), constI64(after), items}, Type());
  for (uint32_t i = n; i-- > 0;) push(load(Op::LoadObj, items, 8 * (int64_t)i), Own::Owned);
  leaveIfChanged();
  return true;
}

}  // namespace od
