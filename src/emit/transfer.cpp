// Copies between registers, spill slots and constants.
#include <algorithm>

#include "emit/emitter.h"

namespace od {

using namespace asmjit;

void Emitter::materialise(uint8_t reg, ValueId constant) {
  const Value& c = f[constant];
  if (c.op == Op::AuxAddr) {
    as.lea(gp(reg), x86::ptr(x86::r13, int32_t(8 * c.imm)));
  } else if (reg >= kXmm) {
    if (c.imm == 0) as.xorps(xmm(reg), xmm(reg));
    else as.movsd(xmm(reg), code_.pool(uint64_t(c.imm)));
  } else {
    code_.load(gp(reg), c.imm);
  }
}

void Emitter::loadValue(uint8_t reg, ValueId v) {
  if (a.isConst(v)) return materialise(reg, v);
  if (ra.slot[v.raw] == kDead) return fail("no slot to load from: " + printValue(f, v));
  if (reg >= kXmm) as.movsd(xmm(reg), slotMem(ra.slot[v.raw]));
  else as.mov(gp(reg), slotMem(ra.slot[v.raw]));
}

void Emitter::copyReg(uint8_t to, uint8_t from) {
  if (to == from) return;
  if (to >= kXmm) as.movaps(xmm(to), xmm(from));
  else as.mov(gp(to), gp(from));
}

void Emitter::copyPlace(const PlaceMove& m) {
  const bool toSlot = m.to >= kSlotPlace && m.to != kScratchPlace;
  const bool fromSlot = m.from >= kSlotPlace && m.from != kScratchPlace;
  const Gp scratch = x86::r11;
  if (m.from == kConstPlace) {
    const Value& c = f[m.constant];
    if (!toSlot) return materialise(uint8_t(m.to), m.constant);
    const Mem mem = slotMem(m.to - kSlotPlace);
    if (c.op != Op::AuxAddr && fitsInt32(c.imm)) {
      as.mov(mem, Imm(c.imm));
      return;
    }
    materialise(r11n, m.constant);
    as.mov(mem, scratch);
  } else if (toSlot && fromSlot) {
    as.movsd(x86::xmm15, slotMem(m.from - kSlotPlace));
    as.movsd(slotMem(m.to - kSlotPlace), x86::xmm15);
  } else if (toSlot) {
    const Mem mem = slotMem(m.to - kSlotPlace);
    if (m.from == kScratchPlace) as.mov(mem, scratch);
    else if (m.from >= kXmm) as.movsd(mem, xmm(uint8_t(m.from)));
    else as.mov(mem, gp(uint8_t(m.from)));
  } else if (fromSlot) {
    const Mem mem = slotMem(m.from - kSlotPlace);
    if (m.to == kScratchPlace) as.mov(scratch, mem);
    else if (m.to >= kXmm) as.movsd(xmm(uint8_t(m.to)), mem);
    else as.mov(gp(uint8_t(m.to)), mem);
  } else if (m.to == kScratchPlace) {
    if (m.from >= kXmm) as.movq(scratch, xmm(uint8_t(m.from)));
    else as.mov(scratch, gp(uint8_t(m.from)));
  } else if (m.from == kScratchPlace) {
    if (m.to >= kXmm) as.movq(xmm(uint8_t(m.to)), scratch);
    else as.mov(gp(uint8_t(m.to)), scratch);
  } else {
    copyReg(uint8_t(m.to), uint8_t(m.from));
  }
}

void Emitter::transfer(const std::vector<PlaceMove>& moves) {
  for (const PlaceMove& m : sequence(moves)) copyPlace(m);
}

Place Emitter::placeIn(const RegFile& file, ValueId v) const {
  if (a.isConst(v)) return kConstPlace;
  for (uint8_t r = 0; r < 32; r++)
    if (file[r] == v) return r;
  return kSlotPlace + ra.slot[v.raw];
}

void Emitter::plannedMoves(ValueId v) {
  const Range moves = ra.plan[v.raw].moves;
  for (uint32_t i = 0; i < moves.count; i++) {
    const RegMove& m = ra.moves[moves.first + i];
    if (m.from == kNoReg) loadValue(m.to, m.v);
    else copyReg(m.to, m.from);
  }
}

// What turns the register file at the end of `from` into the one `to` starts with, and sets `to`'s phis.
std::vector<PlaceMove> Emitter::edgeMoves(uint32_t from, uint32_t to) const {
  std::vector<PlaceMove> moves;
  const Block& block = f.blocks[to];
  if (block.preds.size() == 1) return moves;
  const RegFile& source = ra.exit[from];
  const RegFile& target = ra.entry[to];
  const uint32_t edge = uint32_t(std::find(block.preds.begin(), block.preds.end(), BlockId(from)) - block.preds.begin());
  for (uint8_t r = 0; r < 32; r++) {
    const ValueId v = target[r];
    if (!v.valid()) continue;
    const bool phi = f[v].op == Op::Phi && f[v].block == BlockId(to);
    const ValueId x = phi ? a.root[f.arg(v, edge).raw] : v;
    moves.push_back({r, placeIn(source, x), x});
  }
  for (ValueId p : block.phis) {
    if (a.role[p.raw] != Role::Normal || a.nextAtDef[p.raw] == kDead) continue;
    if (std::find(target.begin(), target.end(), p) != target.end()) continue;
    const ValueId x = a.root[f.arg(p, edge).raw];
    moves.push_back({kSlotPlace + ra.slot[p.raw], placeIn(source, x), x});
  }
  return moves;
}

void Emitter::storeSlot(ValueId v, uint8_t reg) {
  const Mem mem = slotMem(ra.slot[v.raw]);
  if (reg >= kXmm) as.movsd(mem, xmm(reg));
  else as.mov(mem, gp(reg));
}

}  // namespace od
