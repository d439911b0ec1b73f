// Dead code elimination: removes values without uses whose effects nobody can notice, and objects that are boxed only to
// be released again. Uses are operands of live values and the values that live operations' frame states show.
#include <algorithm>
#include "opt/pipeline.h"

namespace od {
namespace {

class DeadCode {
 public:
  explicit DeadCode(Function& f) : f_(f), live_(f.values.size(), 0), stateSeen_(f.states.size(), 0) {}

  void run() {
    releases();
    for (auto& b : f_.blocks)
      for (ValueId v : b.values)
        if (essential(v)) mark(v);
    while (!work_.empty()) {
      ValueId v = work_.back();
      work_.pop_back();
      for (uint32_t i = 0; i < f_[v].count; i++) mark(f_.arg(v, i));
      show(f_[v].state);
      show(f_[v].after);
    }
    for (auto& b : f_.blocks) {
      auto dead = [&](ValueId v) { return !live_[v.raw]; };
      b.values.erase(std::remove_if(b.values.begin(), b.values.end(), dead), b.values.end());
      b.phis.erase(std::remove_if(b.phis.begin(), b.phis.end(), dead), b.phis.end());
    }
  }

 private:
  // A release keeps nothing alive by itself if all it could release are fresh boxes and nulls: `boxes_` marks values
  // that are such boxes, through phis.
  void releases() {
    box_.assign(f_.values.size(), 0);
    for (auto& b : f_.blocks)
      for (ValueId v : b.values) {
        Op op = f_[v].op;
        box_[v.raw] = op == Op::BoxInt || op == Op::BoxFloat || op == Op::BoxIntOrNull || op == Op::BoxFloatOrNull || (op == Op::ConstObj && f_[v].imm == 0);
      }
    for (auto& b : f_.blocks) for (ValueId v : b.phis) box_[v.raw] = f_[v].rep == Rep::Obj;
    for (bool changed = true; changed;) {
      changed = false;
      for (auto& b : f_.blocks)
        for (ValueId v : b.phis) {
          if (!box_[v.raw]) continue;
          for (uint32_t i = 0; i < f_[v].count; i++)
            if (!box_[f_.arg(v, i).raw]) { box_[v.raw] = 0; changed = true; break; }
        }
    }
  }

  bool essential(ValueId v) const {
    const Value& x = f_[v];
    switch (x.op) {
      case Op::Call: case Op::CallArray: return true;
      case Op::BoxInt: case Op::BoxFloat: case Op::BoxIntOrNull: case Op::BoxFloatOrNull: case Op::UnboxInt: return false;
      // Released boxes: the release follows the box's other uses (kept below, once those are known).
      case Op::Release: return !box_[f_.arg(v, 0).raw];
      case Op::AddI: case Op::SubI: case Op::MulI: case Op::NegI: case Op::FloorDivI: case Op::ModI: case Op::ShlI:
      case Op::ShrI: case Op::DivF:
        return true;   // their exits are part of the program's meaning: an overflow decides the types that follow
      case Op::GuardKind: case Op::GuardVersion: case Op::GuardIs: case Op::GuardNotNull: case Op::GuardBool: return true;
      default: break;
    }
    uint16_t e = info(x.op).effects;
    return e & (EffWrites | EffGuard | EffCall | EffTerminator | EffObservable);
  }

  void mark(ValueId v) {
    if (!v || live_[v.raw]) return;
    live_[v.raw] = 1;
    work_.push_back(v);
    if (box_[v.raw]) wake(v);
  }

  // A box (or phi of boxes) turned out to be needed: so are its releases, and the phis into which its references go on.
  void wake(ValueId v) {
    if (f_[v].op == Op::ConstObj) return;   // null
    if (withBox_.empty()) {
      withBox_.resize(f_.values.size());
      for (auto& b : f_.blocks)
        for (ValueId p : b.phis)
          for (uint32_t i = 0; box_[p.raw] && i < f_[p].count; i++) withBox_[f_.arg(p, i).raw].push_back(p);
      for (auto& b : f_.blocks)
        for (ValueId r : b.values)
          if (f_[r].op == Op::Release && box_[f_.arg(r, 0).raw]) withBox_[f_.arg(r, 0).raw].push_back(r);
      for (auto& b : f_.blocks)
        for (ValueId r : b.values)
          if (f_[r].op == Op::Retain && box_[f_.arg(r, 0).raw]) withBox_[f_.arg(r, 0).raw].push_back(r);
    }
    for (ValueId r : withBox_[v.raw]) mark(r);
  }

  void show(StateId s) {
    if (!s || stateSeen_[s.raw]) return;
    stateSeen_[s.raw] = 1;
    for (const StateSlot& slot : f_[s].slots) mark(slot.value);
    for (ValueId v : f_[s].pending) mark(v);
    show(f_[s].parent);
  }

  Function& f_;
  std::vector<uint8_t> live_, stateSeen_, box_;
  std::vector<std::vector<ValueId>> withBox_;   // of boxes: with them live
  std::vector<ValueId> work_;
};

}  // namespace

void removeDead(Function& f) { DeadCode(f).run(); }

}  // namespace od
