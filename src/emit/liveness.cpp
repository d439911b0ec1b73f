// Liveness with next-use distances: summaries of blocks, iterated to a fixed point over the graph, then one exact walk of
// each block that notes, for every use, when the next one comes and, for every op, which values end there.
//
// Frame states keep values alive without wanting them in registers: such a use counts as kFar away.
#include <algorithm>

#include "emit/analysis.h"

namespace od {
namespace {

struct Summary {
  std::vector<Live> gen;       // used before any definition here; kFar: by states only
  std::vector<ValueId> defs;
  uint32_t length = 0;
};

class Liveness {
 public:
  explicit Liveness(Analysis& a)
      : a_(a), f_(a.f), sum_(f_.blocks.size()), phiDistance_(f_.values.size(), kDead), cur_(f_.values.size(), kDead) {}

  void run() {
    for (uint32_t b : a_.rpo) summarise(b);
    for (bool changed = true; changed;) {
      changed = false;
      for (size_t i = a_.rpo.size(); i-- > 0;) changed |= update(a_.rpo[i]);
    }
    for (uint32_t b : a_.rpo) walk(b);
    loops();
  }

 private:
  void summarise(uint32_t b);
  // Sets cur_ to the distances after block b, counted from its start; returns the values it touched.
  void liveOut(uint32_t b, std::vector<ValueId>& touched);
  bool update(uint32_t b);
  void walk(uint32_t b);
  void visit(ValueId v, uint32_t time);
  void loops();

  void touch(ValueId v, uint32_t distance, std::vector<ValueId>& touched) {
    if (cur_[v.raw] == kDead) touched.push_back(v);
    cur_[v.raw] = std::min(cur_[v.raw], distance);
  }
  void count(ValueId v, int by) {
    const int c = a_.isFloat(v);
    now_[c] += by;
    most_[c] = std::max(most_[c], now_[c]);
  }
  void use(ValueId op, ValueId v, uint32_t distance) {
    if (cur_[v.raw] == kDead) {
      a_.killPool.push_back(v);
      a_.kills[op.raw].count++;
      cur_[v.raw] = kFar;
      marked_.push_back(v);
      count(v, 1);
    }
    cur_[v.raw] = std::min(cur_[v.raw], distance);
  }

  Analysis& a_;
  const Function& f_;
  std::vector<Summary> sum_;
  std::vector<uint32_t> phiDistance_;  // of a phi from its block's start
  std::vector<uint32_t> cur_;
  std::vector<ValueId> marked_;
  int now_[2] = {0, 0}, most_[2] = {0, 0};
};

void Liveness::summarise(uint32_t b) {
  Summary& s = sum_[b];
  const Block& block = f_.blocks[b];
  std::vector<ValueId> touched;
  for (ValueId v : block.values)
    if (a_.emitted(v)) s.length += a_.cost(v);
  auto seen = [&](ValueId v, uint32_t distance) { touch(v, distance, touched); };
  uint32_t time = s.length;
  for (size_t i = block.values.size(); i-- > 0;) {
    const ValueId v = block.values[i];
    if (!a_.emitted(v)) continue;
    time -= a_.cost(v);
    for (ValueId x : a_.stateValues(f_[v].after)) seen(x, kFar);
    if (a_.role[v.raw] == Role::Normal && f_[v].rep != Rep::None) {
      s.defs.push_back(v);
      cur_[v.raw] = kDead;
    }
    for (ValueId x : a_.stateValues(f_[v].state)) seen(x, kFar);
    for (uint32_t k = a_.uses[v.raw].count; k-- > 0;)
      if (const ValueId x = a_.arg(v, k); !a_.isConst(x)) {
        seen(x, kFar);
        cur_[x.raw] = time;
      }
  }
  for (ValueId v : block.phis)
    if (a_.role[v.raw] == Role::Normal) {
      s.defs.push_back(v);
      phiDistance_[v.raw] = cur_[v.raw];
      cur_[v.raw] = kDead;
    }
  for (ValueId v : touched)
    if (cur_[v.raw] != kDead) {
      s.gen.push_back({v, cur_[v.raw]});
      cur_[v.raw] = kDead;
    }
}

void Liveness::liveOut(uint32_t b, std::vector<ValueId>& touched) {
  const uint32_t length = sum_[b].length;
  for (BlockId s : f_.blocks[b].succ) {
    if (!s.valid()) continue;
    const uint32_t extra = length + a_.edgeCost(b, s.raw);
    auto far = [&](uint32_t d) { return d >= kFar ? kFar : std::min(d + extra, kFar - 1); };
    for (const Live& l : a_.liveIn[s.raw]) touch(l.v, far(l.distance), touched);
    const Block& next = f_[s];
    if (next.phis.empty()) continue;
    const size_t edge = size_t(std::find(next.preds.begin(), next.preds.end(), BlockId(b)) - next.preds.begin());
    for (ValueId p : next.phis) {
      if (a_.role[p.raw] != Role::Normal) continue;
      const ValueId x = a_.root[f_.arg(p, uint32_t(edge)).raw];
      const uint32_t d = phiDistance_[p.raw];
      if (d != kDead && !a_.isConst(x)) touch(x, far(d), touched);
    }
  }
}

bool Liveness::update(uint32_t b) {
  std::vector<ValueId> touched;
  liveOut(b, touched);
  Summary& s = sum_[b];
  bool changed = false;
  for (ValueId v : s.defs) {
    if (f_[v].op == Op::Phi && cur_[v.raw] < phiDistance_[v.raw]) {
      phiDistance_[v.raw] = cur_[v.raw];
      changed = true;
    }
    cur_[v.raw] = kDead;
  }
  for (const Live& g : s.gen) {
    if (cur_[g.v.raw] == kDead) touched.push_back(g.v);
    if (g.distance < kFar || cur_[g.v.raw] == kDead) cur_[g.v.raw] = g.distance;
  }
  std::vector<Live>& in = a_.liveIn[b];
  uint64_t before = 0, after = 0;
  for (const Live& l : in) before += l.distance;
  const size_t sizeBefore = in.size();
  in.clear();
  for (ValueId v : touched) {
    if (cur_[v.raw] == kDead) continue;
    in.push_back({v, cur_[v.raw]});
    after += cur_[v.raw];
    cur_[v.raw] = kDead;
  }
  return changed || before != after || sizeBefore != in.size();
}

void Liveness::visit(ValueId v, uint32_t time) {
  a_.kills[v.raw] = {uint32_t(a_.killPool.size()), 0};
  for (ValueId x : a_.stateValues(f_[v].after)) use(v, x, kFar);
  if (a_.role[v.raw] == Role::Normal && f_[v].rep != Rep::None) {
    a_.nextAtDef[v.raw] = cur_[v.raw];
    if (cur_[v.raw] != kDead) count(v, -1);
    cur_[v.raw] = kDead;
  }
  for (ValueId x : a_.stateValues(f_[v].state)) use(v, x, kFar);
  for (uint32_t k = a_.uses[v.raw].count; k-- > 0;) {
    const ValueId x = a_.arg(v, k);
    if (a_.isConst(x)) continue;
    a_.nextAt[a_.uses[v.raw].first + k] = cur_[x.raw] == kDead ? kFar : cur_[x.raw];
    use(v, x, kFar);
    cur_[x.raw] = time;
  }
}

void Liveness::walk(uint32_t b) {
  marked_.clear();
  liveOut(b, marked_);
  now_[0] = now_[1] = most_[0] = most_[1] = 0;
  for (ValueId v : marked_) count(v, 1);
  const Block& block = f_.blocks[b];
  uint32_t time = sum_[b].length;
  for (size_t i = block.values.size(); i-- > 0;) {
    const ValueId v = block.values[i];
    if (!a_.emitted(v)) continue;
    time -= a_.cost(v);
    visit(v, time);
  }
  for (ValueId v : block.phis)
    if (a_.role[v.raw] == Role::Normal) a_.nextAtDef[v.raw] = cur_[v.raw];
  for (ValueId v : marked_) cur_[v.raw] = kDead;
  for (int c : {0, 1}) a_.pressure[c][b] = uint32_t(most_[c]);
}

void Liveness::loops() {
  for (uint32_t b : a_.rpo) {
    bool call = false;
    if (!f_.blocks[b].cold)
      for (ValueId v : f_.blocks[b].values) call |= (info(f_[v].op).effects & EffCall) != 0;
    for (uint32_t h = a_.loopOf[b]; h != kDead; h = a_.loopParent[h]) {
      for (int c : {0, 1}) a_.loopPressure[c][h] = std::max(a_.loopPressure[c][h], a_.pressure[c][b]);
      a_.loopHasCall[h] |= call;
    }
  }
}

}  // namespace

void Analysis::computeLiveness() {
  const size_t n = f.values.size(), blocks = f.blocks.size();
  nextAt.assign(f.operands.size(), kFar);
  nextAtDef.assign(n, kDead);
  kills.assign(n, {});
  liveIn.resize(blocks);
  for (int c : {0, 1}) {
    pressure[c].assign(blocks, 0);
    loopPressure[c].assign(blocks, 0);
  }
  loopHasCall.assign(blocks, 0);
  Liveness(*this).run();
}

}  // namespace od
