// The back end's small parts: parallel moves, exit maps.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "emit/emit.h"
#include "emit/exit_map.h"
#include "emit/moves.h"

using namespace od;

TEST(EmitMoves, RandomPermutationsAndFans) {
  std::mt19937 rng(1);
  for (int round = 0; round < 20000; round++) {
    std::vector<Place> to(rng() % 12);
    std::vector<Place> places(40);
    for (Place p = 0; p < 40; p++) places[p] = p;
    std::shuffle(places.begin(), places.end(), rng);
    const uint32_t few = 1 + rng() % 14;   // sources among few places: cycles and fans are frequent
    std::vector<PlaceMove> moves;
    std::map<Place, uint64_t> machine, expected;
    for (Place p = 0; p < 40; p++) machine[p] = expected[p] = 1000 + p;
    for (size_t k = 0; k < to.size(); k++) {
      const bool constant = rng() % 8 == 0;
      const Place from = constant ? kConstPlace : places[rng() % few];
      moves.push_back({places[k], from, ValueId(uint32_t(k))});
      expected[places[k]] = constant ? k : 1000 + from;
    }
    for (const PlaceMove& m : sequence(moves)) machine[m.to] = m.from == kConstPlace ? m.constant.raw : machine[m.from];
    machine.erase(kScratchPlace);
    ASSERT_EQ(machine, expected) << round;
  }
}

TEST(EmitPcMap, RoundTrip) {
  std::mt19937 rng(5);
  std::vector<PcRange> ranges;
  for (uint32_t offset = 0, i = 0; i < 1000; i++, offset += 1 + rng() % 300)
    ranges.push_back({offset, uint32_t(rng() % 20000), uint32_t(rng() % 3)});
  const std::vector<PcRange> back = PcMap(ranges).ranges();
  ASSERT_EQ(back.size(), ranges.size());
  for (size_t i = 0; i < ranges.size(); i++) {
    EXPECT_EQ(back[i].codeOffset, ranges[i].codeOffset);
    EXPECT_EQ(back[i].pc, ranges[i].pc);
    EXPECT_EQ(back[i].codeIndex, ranges[i].codeIndex);
  }
  EXPECT_TRUE(PcMap().ranges().empty());
}

TEST(EmitExitMap, RoundTrip) {
  ExitMap map;
  DecodedState s{StateId(7), 2, 300, 301, ExitKind::Return, 3, 17, true, {}, {0, -1, 1, 0, 3, 2}, {2, 0}};
  s.values = {{Where::Gpr, Rep::Obj, true, 14}, {Where::Xmm, Rep::F64, false, 9}, {Where::Spill, Rep::I64, false, 70000},
              {Where::Const, Rep::I64, false, uint64_t(INT64_MIN)}};
  map.add(StateId(5), s);
  map.add(StateId(2), DecodedState{StateId(), 0, 0, 0, ExitKind::Resume, 0, 0, false, {}, {}, {}});
  EXPECT_TRUE(map.has(StateId(5)));
  EXPECT_FALSE(map.has(StateId(4)));
  EXPECT_FALSE(map.has(StateId(6)));
  const DecodedState d = map.decode(StateId(5));
  EXPECT_EQ(d.parent, StateId(7));
  EXPECT_EQ(d.code, 2u);
  EXPECT_EQ(d.at, 300u);
  EXPECT_EQ(d.resume, 301u);
  EXPECT_EQ(d.kind, ExitKind::Return);
  EXPECT_EQ(d.drop, 3);
  EXPECT_EQ(d.reason, 17);
  EXPECT_TRUE(d.published);
  EXPECT_EQ(d.slots, s.slots);
  EXPECT_EQ(d.pending, s.pending);
  ASSERT_EQ(d.values.size(), 4u);
  for (size_t i = 0; i < 4; i++) {
    EXPECT_EQ(d.values[i].where, s.values[i].where);
    EXPECT_EQ(d.values[i].rep, s.values[i].rep);
    EXPECT_EQ(d.values[i].owned, s.values[i].owned);
    EXPECT_EQ(d.values[i].payload, s.values[i].payload);
  }
  EXPECT_FALSE(map.decode(StateId(2)).parent.valid());
}
