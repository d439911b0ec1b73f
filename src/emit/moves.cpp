#include "emit/moves.h"

#include <algorithm>

namespace od {
namespace {

// Positions of places among the places these moves name.
struct Index {
  std::vector<Place> places;
  size_t operator()(Place p) const { return size_t(std::lower_bound(places.begin(), places.end(), p) - places.begin()); }
};

}  // namespace

std::vector<PlaceMove> sequence(const std::vector<PlaceMove>& moves) {
  std::vector<PlaceMove> out, pending, constants;
  for (const PlaceMove& m : moves)
    if (m.from == kConstPlace) constants.push_back(m);
    else if (m.from != m.to) pending.push_back(m);
  Index at;
  for (const PlaceMove& m : pending) at.places.insert(at.places.end(), {m.to, m.from});
  std::sort(at.places.begin(), at.places.end());
  at.places.erase(std::unique(at.places.begin(), at.places.end()), at.places.end());
  constexpr size_t kNone = size_t(-1);
  std::vector<size_t> writer(at.places.size(), kNone);   // the pending move into a place
  std::vector<uint32_t> readers(at.places.size(), 0);    // pending moves out of a place
  for (size_t i = 0; i < pending.size(); i++) {
    writer[at(pending[i].to)] = i;
    readers[at(pending[i].from)]++;
  }
  std::vector<uint8_t> done(pending.size(), 0);
  std::vector<size_t> ready;
  for (size_t i = 0; i < pending.size(); i++)
    if (readers[at(pending[i].to)] == 0) ready.push_back(i);
  size_t scan = 0;
  for (;;) {
    while (!ready.empty()) {
      const size_t i = ready.back();
      ready.pop_back();
      out.push_back(pending[i]);
      done[i] = 1;
      if (pending[i].from == kScratchPlace) continue;
      const size_t source = at(pending[i].from);
      if (--readers[source] == 0 && writer[source] != kNone && !done[writer[source]]) ready.push_back(writer[source]);
    }
    while (scan < pending.size() && done[scan]) scan++;
    if (scan == pending.size()) break;
    // Only cycles are left: every place has one reader. Park this one's source, which frees the place for its writer.
    PlaceMove& m = pending[scan];
    out.push_back({kScratchPlace, m.from, ValueId()});
    const size_t source = at(m.from);
    readers[source] = 0;
    m.from = kScratchPlace;
    ready.push_back(writer[source]);
  }
  out.insert(out.end(), constants.begin(), constants.end());
  return out;
}

}  // namespace od
