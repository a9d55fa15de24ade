package xyz.openledger.verification.tee;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Writes key and certificates of the {@link SimulatedChip} into a folder: how the files beside that
 * class were made. They hold for twenty years, and their root counts for nothing unless a policy
 * lists it.
 */
final class SimulatedChipFiles {
  private SimulatedChipFiles() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    var vendor = SyntheticVendor.likeAmd("SIMULATED AMD", Duration.ofDays(20 * 365));
    var key = SyntheticVendor.ec("secp384r1");
    var chip =
        vendor.leaf(key, 3, SyntheticChips.chip(SimulatedChip.made("chip", 64), 3, 0, 8, 115));
    Files.write(folder.resolve("simulated-chip.key"), key.getPrivate().getEncoded());
    Files.writeString(
        folder.resolve("simulated-chip.pem"), SyntheticVendor.pem(chip, vendor.middle));
    Files.writeString(folder.resolve("simulated-root.pem"), SyntheticVendor.pem(vendor.root));
  }
}
