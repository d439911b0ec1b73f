// Iteration, conditional jumps and returns.
#include "build/builder.h"

namespace od {

bool Builder::getIter() {
  Ref r = pop();
  Kind k = type(r.v).single();
  Type t = k == Kind::List ? Type(Kind::ListIter) : k == Kind::Tuple ? Type(Kind::TupleIter) : Type::object();
  return pushResult(helper(Helper::get_iter, {take(r)}, t));
}

// Ends the block: to the next instruction with the item on the stack, or to the target with the iterator gone.
bool Builder::forIter() {
  const Feedback& fb = in_->fb;
  uint32_t body = g_.blocks[bb_].succs[0], done = g_.blocks[bb_].succs[1];
  Ref& iter = top();
  Kind k = fb.spec == Spec::Range || known(iter.v, Kind::RangeIter) ? Kind::RangeIter
           : fb.spec == Spec::List || known(iter.v, Kind::ListIter) ? Kind::ListIter
           : fb.spec == Spec::Tuple || known(iter.v, Kind::TupleIter) ? Kind::TupleIter : Kind::Count;
  if (k != Kind::Count && !guessKind(iter, k, Reason::iter_kind)) k = Kind::Count;
  retainLazies();
  ValueId it = iter.v, item, seq, at, more;
  bool range = k == Kind::RangeIter, list = k == Kind::ListIter;
  if (range) {
    at = load(Op::LoadI64, it, L_.range_len);
    more = emit(Op::CmpI, {at, constI64(0)}, 0, (uint32_t)Cond::Gt);
  } else if (k != Kind::Count) {
    ValueId s = load(Op::LoadObj, it, list ? L_.listiter_seq : L_.tupleiter_seq, Type::nullable());
    seq = guardNotNull(s, Reason::iter_kind);
    at = load(Op::LoadI64, it, list ? L_.listiter_index : L_.tupleiter_index);
    more = emit(Op::CmpI, {at, load(Op::LoadI64, seq, L_.ob_size)}, 0, (uint32_t)Cond::ULt);
  } else {
    item = helper(Helper::for_iter, {it}, Type::object());
    more = emit(Op::NotB, {emit(Op::IsObj, {item}, 0)});
  }
  BlockId yes, no;
  fork(more, yes, no);
  State before = st_;
  exits_.clear();
  cur_ = yes;
  if (range) {
    ValueId start = load(Op::LoadI64, it, L_.range_start);
    emit(Op::StoreI64, {it, emit(Op::AddWrap, {start, load(Op::LoadI64, it, L_.range_step)})}, L_.range_start);
    emit(Op::StoreI64, {it, emit(Op::SubWrap, {at, constI64(1)})}, L_.range_len);
    push(start, Own::Constant);
  } else if (k != Kind::Count) {
    ValueId items = list ? load(Op::LoadI64, seq, L_.list_items) : seq;
    ValueId v = emit(Op::LoadObjAt, {items, at}, list ? 0 : L_.tuple_items);
    f[v].type = Type::object();
    emit(Op::StoreI64, {it, emit(Op::AddWrap, {at, constI64(1)})}, list ? L_.listiter_index : L_.tupleiter_index);
    push(v, Own::Lazy);
    retainLazies();
  } else {
    push(item, Own::Owned);
    leaveIfChanged();
  }
  ended_ = true;
  flow(body, cur_, st_);
  cur_ = no;
  st_ = std::move(before);
  exits_.clear();
  resumeAt_ = in_->target;
  if (k != Kind::Count && !range) {
    // The interpreter's own end of iteration: lets go of the sequence.
    helper(Helper::for_iter, {it}, Type::object());
  }
  Ref gone = pop();
  if (k == Kind::Count || releases(gone)) drop(gone);
  if (k != Kind::RangeIter) leaveIfChanged();
  resumeAt_ = -1;
  flow(done, cur_, st_);
  return true;
}

// yield from. What the generator is sent is known to be None; anything else is the interpreter's.
bool Builder::delegation() {
  if (s_.kind != UnitKind::Resume) return false;
  switch (in_->op) {
    case Inst::GetYieldFromIter: {
      Ref r = pop();
      return pushResult(helper(Helper::get_yield_from_iter, {take(r), constI64(s_.flags)}, Type::object()));
    }
    case Inst::EndSend: {
      Ref value = pop(), receiver = pop();
      pushRef(value);
      drop(receiver);
      return true;
    }
    default: break;
  }
  if (constPtr(top().v) != L_.None) return false;
  const uint32_t on = g_.blocks[bb_].succs[0], done = g_.blocks[bb_].succs[1];
  const ValueId out = aux(1);
  const ValueId item = helper(Helper::send_none, {top(1).v, out}, Type::object());
  BlockId yes, no;
  fork(emit(Op::NotB, {emit(Op::IsObj, {item}, 0)}), yes, no);
  State before = st_;
  exits_.clear();
  cur_ = yes;
  pop();
  push(item, Own::Owned);
  leaveIfChanged();
  ended_ = true;
  flow(on, cur_, st_);
  cur_ = no;
  st_ = std::move(before);
  exits_.clear();
  pop();
  push(load(Op::LoadObj, out, 0), Own::Owned);
  resumeAt_ = in_->target;
  leaveIfChanged();
  resumeAt_ = -1;
  flow(done, cur_, st_);
  return true;
}

// Where the interpreter goes on with a bytecode block (or behind a leaving edge).
uint32_t Builder::startOf(uint32_t block) const {
  return s_.instrs[block & kLeaves ? g_.leaving[block & ~kLeaves].instr : g_.blocks[block].first].start;
}

void Builder::conditional() {
  uint32_t next = g_.blocks[bb_].succs[0], target = g_.blocks[bb_].succs[1];
  Ref r = pop();
  bool none = in_->op == Inst::PopJumpIfNone || in_->op == Inst::PopJumpIfNotNone;
  ValueId cond;
  if (!none) {
    cond = f[r.v].rep == Rep::Bool ? r.v : emit(Op::IsObj, {r.v}, (int64_t)L_.True);
  } else if (f[r.v].rep != Rep::Obj || !type(r.v).may(Kind::None)) {
    cond = constBool(false);
  } else {
    cond = known(r.v, Kind::None) ? constBool(true) : emit(Op::IsObj, {r.v}, (int64_t)L_.None);
  }
  bool jumpIf = in_->op == Inst::PopJumpIfTrue || in_->op == Inst::PopJumpIfNone;
  uint32_t yes = jumpIf ? target : next, no = jumpIf ? next : target;
  if (f[cond].op == Op::ConstBool) {
    uint32_t to = f[cond].imm ? yes : no;
    resumeAt_ = startOf(to);
    drop(r);
    resumeAt_ = -1;
    ended_ = true;
    flow(to, cur_, st_);
    return;
  }
  BlockId y, n;
  fork(cond, y, n);
  ended_ = true;
  flow(yes, y, st_);
  cur_ = n;
  if (none) {                 // None itself, on the other way, is immortal
    resumeAt_ = startOf(no);
    drop(r);
    resumeAt_ = -1;
  }
  flow(no, cur_, st_);
}

void Builder::returnValue() {
  if (s_.kind == UnitKind::Loop) {   // the frame is the interpreter's: let it return
    exitHere(Reason::uncompiled, false);
    return;
  }
  if (in_->op == Inst::ReturnConst) push(constObj(s_.consts[in_->arg]), Own::Constant);
  if (s_.kind == UnitKind::Resume) {
    storeSlots();
    emit(Op::Finish, {}, in_->at, depth());
    ended_ = true;
    return;
  }
  retainLazies();
  object(top());
  ValueId u = emit(Op::Unlink, {});
  f[u].state = f.newState(frameState(in_->at, in_->start, ExitKind::Return, Reason::frame_held));
  for (size_t i = 0; i + 1 < st_.slots.size(); i++) {
    Ref r = st_.slots[i];
    st_.slots[i] = Ref{};
    if (releases(r)) dropAt(r, StateId());
  }
  Ref r = pop();
  if (r.own != Own::Owned) retain(r.v);
  emit(Op::Return, {r.v});
  ended_ = true;
}

// The generator's frame gets its slots back, each with a reference of its own; what is there still need not be stored.
void Builder::storeSlots() {
  retainLazies();
  std::vector<ValueId> given;
  for (uint32_t i = 0; i < st_.slots.size(); i++) {
    object(st_.slots[i], true);
    const Ref r = st_.slots[i];
    const ValueId k = root(r.v);
    const bool first = r.v && r.own == Own::Owned && std::find(given.begin(), given.end(), k) == given.end();
    if (first) given.push_back(k);
    else if (r.v) retain(r.v);
    const bool there = k && f[k].op == Op::LoadSlot && f[k].imm == int64_t(i);
    if (!there) emit(Op::StoreSlot, {r.v ? r.v : constObj(nullptr)}, i);
  }
}

bool Builder::yieldValue() {
  if (s_.kind != UnitKind::Resume) return false;
  retainLazies();
  const ValueId result = take(pop());
  storeSlots();
  emit(Op::Yield, {result}, in_->next, depth());
  ended_ = true;
  return true;
}

}  // namespace od
