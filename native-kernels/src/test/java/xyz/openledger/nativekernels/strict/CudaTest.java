package xyz.openledger.nativekernels.strict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library for graphics processors, where there is one of them and where there is none. */
class CudaTest {
  @Test
  void withoutADeviceTheLibraryLoadsAndSaysSo() {
    CudaSearch search = CudaDevice.find();
    if (!(search instanceof CudaSearch.Absent(String why))) {
      abort("there is a CUDA device");
      return;
    }
    assumeThat(why).as("this build has no nvcc").doesNotStartWith("no library");

    assertThat(why).startsWith("no CUDA device: ").hasSizeGreaterThan("no CUDA device: ".length());
  }

  /** These compute on the device; without one they are reported as skipped. */
  @Nested
  @Tag("gpu")
  class OnADevice {
    private static final int SEEDS = 60;

    private CudaDevice device;

    @BeforeEach
    void find() {
      switch (CudaDevice.find()) {
        case CudaSearch.Found(CudaDevice found, _, _) -> device = found;
        case CudaSearch.Absent(String why) -> abort("skipped: " + why);
      }
    }

    @AfterEach
    void close() {
      if (device != null) {
        device.close();
      }
    }

    static List<StrictCase> cases() {
      return OnDevice.CASES.stream().sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theBitsAreThoseOfTheReference(StrictCase asked) {
      new OnDevice(device).compare(asked, SEEDS, false);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void alsoOfZerosDenormalsInfinitiesAndNaN(StrictCase asked) {
      new OnDevice(device).compare(asked, SEEDS, true);
    }

    @Test
    void whatLeavesTheMemoryOfTheDeviceIsRefused() {
      try (CudaBuffer small = device.allocate(16)) {
        assertThatThrownBy(
                () -> device.linear(1, 2, 4, small, 4, WeightType.F32, small, 4, small, 2, false))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }
}
