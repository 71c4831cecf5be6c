# try-installer.ps1 SETUP: installs silently, plays a turn in a terminal and one in the window,
# uninstalls, and checks that the program is gone and the stories are not.
param([Parameter(Mandatory)][string]$Setup)
$ErrorActionPreference = 'Stop'
$place = Join-Path $env:LOCALAPPDATA 'Programs\PersonaChat'
$stories = Join-Path $env:LOCALAPPDATA 'PersonaChat'
$env:PERSONA_STORYTELLER_PACE = 'inf'

$installed = Start-Process -Wait -PassThru $Setup '/S'
if ($installed.ExitCode -ne 0) { throw "the installer ended with $($installed.ExitCode)" }
foreach ($name in 'PersonaChat.exe', 'persona-chat.exe', 'Uninstall.exe', '_internal') {
  if (-not (Test-Path (Join-Path $place $name))) { throw "$name was not installed" }
}
$program = Join-Path $place 'persona-chat.exe'
foreach ($words in @('--version'), @('say', '--provider', 'storyteller', 'Hello'), @('demo')) {
  & $program @words
  if ($LASTEXITCODE -ne 0) { throw "persona-chat $($words[0]) ended with $LASTEXITCODE" }
}
if (-not (Get-ChildItem -Recurse -Filter persona-chat.db $stories)) { throw 'nothing was stored' }

# The uninstaller copies itself away and goes on; _?= makes it stay and be waited for.
Start-Process -Wait (Join-Path $place 'Uninstall.exe') '/S', "_?=$place"
if (Test-Path (Join-Path $place 'PersonaChat.exe')) { throw 'the program is still there' }
if (Test-Path (Join-Path $place '_internal')) { throw 'its libraries are still there' }
if (-not (Get-ChildItem -Recurse -Filter persona-chat.db $stories)) { throw 'the stories are gone' }
Write-Output 'installed, played, removed; the stories stayed'
