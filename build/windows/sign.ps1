# sign.ps1 FILE...: signs with the certificate in $env:CERTIFICATE (base64 of a .pfx) and its
# $env:PASSWORD. Without one it says so loudly and leaves the files as they are.
param([Parameter(Mandatory, ValueFromRemainingArguments)][string[]]$Files)
$ErrorActionPreference = 'Stop'
if (-not $env:CERTIFICATE) {
  Write-Output '::warning::NO CERTIFICATE: the files are not signed, and Windows will warn of them'
  exit 0
}
$pfx = Join-Path $env:RUNNER_TEMP 'persona.pfx'
try {
  [IO.File]::WriteAllBytes($pfx, [Convert]::FromBase64String($env:CERTIFICATE))
  $password = ConvertTo-SecureString $env:PASSWORD -AsPlainText -Force
  $certificate = Get-PfxCertificate -FilePath $pfx -Password $password
  foreach ($file in $Files) {
    $signed = Set-AuthenticodeSignature -FilePath $file -Certificate $certificate `
      -HashAlgorithm SHA256 -TimestampServer 'http://timestamp.digicert.com'
    if ($signed.Status -ne 'Valid') { throw "$file was not signed: $($signed.StatusMessage)" }
  }
} finally {
  Remove-Item -Force -ErrorAction SilentlyContinue $pfx
}
