// Functions that CPython exports and other extensions call: calls of loaded objects are led through ours.
#pragma once

namespace od {

// Objects that are there already are seen to at once, later ones by interposeLoaded. Ours calls the original by its name.
void interpose(const char* symbol, void* ours);
// After something may have been loaded. Cheap if nothing was.
void interposeLoaded();

}  // namespace od
