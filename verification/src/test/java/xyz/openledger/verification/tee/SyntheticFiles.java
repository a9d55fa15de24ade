package xyz.openledger.verification.tee;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import xyz.openledger.protocol.Digest;

/**
 * Writes evidence of chips that do not exist into a folder, for trying the command line: how the
 * files in {@code cluster/src/main/resources/tee} were made. Prints the nonce and the measurement.
 */
final class SyntheticFiles {
  private SyntheticFiles() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Digest nonce = AttestationTerms.nonce("job", new byte[] {1, 2, 3}, Digest.of(new byte[] {9}));
    var amd = SyntheticVendor.likeAmd("SIMULATED AMD");
    var intel = SyntheticVendor.likeIntel("SIMULATED Intel");
    var chips = new SyntheticChips(nonce);
    var chip = amd.leaf(chips.snpKey, 7, SyntheticChips.chip(3, 0, 8, 115));
    var processor = intel.leaf(chips.processorKey, 7, Map.of());
    Files.write(folder.resolve("simulated-report.bin"), chips.signed(chips.snpBody()));
    Files.writeString(folder.resolve("simulated-chain.pem"), SyntheticVendor.pem(chip, amd.middle));
    Files.writeString(folder.resolve("simulated-amd.pem"), SyntheticVendor.pem(amd.root));
    byte[] quote = chips.quote(chips.tdxBody(), 0, SyntheticVendor.pem(processor, intel.middle));
    Files.write(folder.resolve("simulated-quote.bin"), quote);
    Files.writeString(folder.resolve("simulated-intel.pem"), SyntheticVendor.pem(intel.root));
    System.out.println(nonce);
    System.out.println(HexFormat.of().formatHex(SyntheticChips.MEASUREMENT));
  }
}
