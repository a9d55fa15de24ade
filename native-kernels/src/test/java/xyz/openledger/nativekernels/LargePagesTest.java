package xyz.openledger.nativekernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class LargePagesTest {
  @Test
  void holdZerosThatCanBeWrittenFromTheFirstToTheLast() {
    try (Arena arena = Arena.ofShared()) {
      for (long bytes : List.of(1L, 4_096L, LargePages.BYTES, 3 * LargePages.BYTES + 17)) {
        MemorySegment made = LargePages.allocate(bytes, arena);

        assertThat(made.byteSize()).isEqualTo(bytes);
        assertThat(made.address() % (bytes < LargePages.BYTES ? 64 : LargePages.BYTES)).isZero();
        assertThat(made.get(JAVA_BYTE, 0)).isZero();
        assertThat(made.get(JAVA_BYTE, bytes - 1)).isZero();
        made.fill((byte) 7);
        assertThatThrownBy(() -> made.get(JAVA_BYTE, bytes))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void areMappedAsLongAsTheArena() throws IOException {
    long address;
    try (Arena arena = Arena.ofShared()) {
      MemorySegment made = LargePages.allocate(64 * LargePages.BYTES, arena);
      address = made.address();
      assertThat(mapped(address)).isTrue();
    }
    assertThat(mapped(address)).isFalse();
  }

  private static boolean mapped(long address) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .map(line -> line.substring(0, line.indexOf(' ')).split("-"))
        .anyMatch(
            range ->
                Long.parseUnsignedLong(range[0], 16) <= address
                    && address < Long.parseUnsignedLong(range[1], 16));
  }
}
