// Files that hold personal data (results, rejects, receipts, letters, exports) are opened here and nowhere else.
#pragma once

#include <filesystem>

namespace semak {

// A descriptor to write from the beginning of the file, which its owner alone can read, whatever the umask and whoever
// could read an earlier file of that name. Devices and pipes are as they are. -1: errno says why.
int create_private_file(const std::filesystem::path& path) noexcept;

}  // namespace semak
