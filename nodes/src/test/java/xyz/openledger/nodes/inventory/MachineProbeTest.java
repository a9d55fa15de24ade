package xyz.openledger.nodes.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.protocol.session.Inventory;

class MachineProbeTest {
  @TempDir Path root;

  @Test
  void readsAnX86Machine() throws IOException {
    file(
        "proc/cpuinfo",
        "processor\t: 0\nmodel name\t: A Fast CPU @ 3GHz\nflags\t\t: fpu avx2 sha_ni\n");
    file("etc/os-release", "NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n");
    file("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t GeForce 1\nIRQ: 5\n");

    Inventory inventory = probe();

    assertThat(inventory.cpuModel()).isEqualTo("A Fast CPU @ 3GHz");
    assertThat(inventory.cpuFlags()).containsExactly("fpu", "avx2", "sha_ni");
    assertThat(inventory.os()).startsWith("Debian GNU/Linux 12, ");
    assertThat(inventory.accelerators()).containsExactly("nvidia GeForce 1");
    assertThat(inventory.cores()).isPositive();
    assertThat(inventory.memoryBytes()).isPositive();
    assertThat(inventory.diskFreeBytes()).isPositive();
    assertThat(inventory.degraded()).containsExactly("no bubblewrap");
  }

  @Test
  void readsAnArmBoard() throws IOException {
    file("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd aes\n\nModel\t\t: A Board 5\n");
    file("etc/os-release", "PRETTY_NAME=x\n");
    file("dev/nvidia0", "");
    file("dev/nvidiactl", "");

    Inventory inventory = probe();

    assertThat(inventory.cpuModel()).isEqualTo("A Board 5");
    assertThat(inventory.cpuFlags()).containsExactly("fp", "asimd", "aes");
    assertThat(inventory.accelerators()).containsExactly("nvidia device nvidia0");
  }

  @Test
  void saysWhatItCouldNotFindAndGoesOn() {
    Inventory inventory = probe();

    assertThat(inventory.cpuModel()).isEmpty();
    assertThat(inventory.cpuFlags()).isEmpty();
    assertThat(inventory.os()).isNotBlank();
    assertThat(inventory.degraded())
        .hasSize(3)
        .anySatisfy(line -> assertThat(line).startsWith("cpu: "))
        .anySatisfy(line -> assertThat(line).startsWith("os: "));
  }

  @Test
  void standsFilesThatSayNonsense() throws IOException {
    file("proc/cpuinfo", "flags\t: " + "x".repeat(10_000) + "\nmodel name : " + "y".repeat(10_000));
    file("etc/os-release", "PRETTY_NAME=" + "z".repeat(10_000));

    Inventory inventory = probe();

    assertThat(inventory.cpuModel()).hasSize(256);
    assertThat(inventory.cpuFlags()).allMatch(flag -> flag.length() == 256);
    assertThat(inventory.os()).hasSize(256);
  }

  private Inventory probe() {
    return MachineProbe.inventory(root, root, "process", List.of("no bubblewrap"), "test");
  }

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
