package xyz.openledger.cluster.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xyz.openledger.cluster.evidence.EvidenceExport;
import xyz.openledger.protocol.api.JobState;
import xyz.openledger.protocol.client.MemberRefusal;
import xyz.openledger.protocol.client.OpenLedgerClient;

/** Evidence is exported by the token's tenant for that tenant. */
class EvidenceScopeTest {
  @TempDir Path folder;

  @Test
  void aTenantCannotExportTheJobOfAnother() throws Exception {
    try (var server = new RunningServer()) {
      var job = server.submitted("secret");
      server.member.become(job, JobState.SETTLED);
      var other = OpenLedgerClient.connect(server.uri(""), server.otherToken);
      Path file = folder.resolve("evidence.zip");

      assertThatThrownBy(() -> EvidenceExport.write(other, job.value(), null, file))
          .isInstanceOf(MemberRefusal.class)
          .hasMessageContaining("not-found");
      assertThatThrownBy(
              () ->
                  EvidenceExport.write(
                      other, null, new EvidenceExport.Period(0, Long.MAX_VALUE), file))
          .hasMessageContaining("no job of this account");
      try (var left = Files.list(folder)) {
        assertThat(left).isEmpty();
      }
    }
  }
}
