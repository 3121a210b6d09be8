// The one place that knows which Catch2 this is (Debian 12: v2).
#pragma once

#include <catch2/catch.hpp>  // IWYU pragma: export
