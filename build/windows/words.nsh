; What the installer says beyond its own standard words.
LangString Licences ${LANG_ENGLISH} "Licences"
LangString Licences ${LANG_KOREAN} "라이선스"
LangString Licences ${LANG_JAPANESE} "ライセンス"

LangString TooOld ${LANG_ENGLISH} "Persona Chat needs Windows 10 or newer."
LangString TooOld ${LANG_KOREAN} "Persona Chat에는 Windows 10 이상이 필요합니다."
LangString TooOld ${LANG_JAPANESE} "Persona ChatにはWindows 10以降が必要です。"

LangString StillOpen ${LANG_ENGLISH} "Persona Chat is open. Close its window, then try again."
LangString StillOpen ${LANG_KOREAN} "Persona Chat이 열려 있어요. 창을 닫고 다시 시도해 주세요."
LangString StillOpen ${LANG_JAPANESE} "Persona Chatが開いています。ウィンドウを閉じてから、もう一度お試しください。"

LangString NoWebView2 ${LANG_ENGLISH} "Persona Chat is installed. To draw its window, Windows needs one more part, the free Microsoft Edge WebView2 Runtime, which is not on this computer yet.$\n$\nOpen Microsoft's page for it now?"
LangString NoWebView2 ${LANG_KOREAN} "Persona Chat을 설치했어요. 창을 그리려면 Microsoft Edge WebView2 런타임(무료)이 하나 더 필요한데, 이 컴퓨터에는 아직 없어요.$\n$\n지금 Microsoft의 내려받기 페이지를 열까요?"
LangString NoWebView2 ${LANG_JAPANESE} "Persona Chatをインストールしました。ウィンドウの表示には、無料のMicrosoft Edge WebView2ランタイムがもう一つ必要ですが、このコンピューターにはまだありません。$\n$\nMicrosoftのダウンロードページを今開きますか。"

LangString KeepStories ${LANG_ENGLISH} "Keep your stories and settings on this computer?$\n$\nThey lie in $LOCALAPPDATA\PersonaChat."
LangString KeepStories ${LANG_KOREAN} "이야기와 설정을 이 컴퓨터에 남겨 둘까요?$\n$\n$LOCALAPPDATA\PersonaChat 폴더에 있어요."
LangString KeepStories ${LANG_JAPANESE} "物語と設定をこのコンピューターに残しますか。$\n$\n$LOCALAPPDATA\PersonaChat にあります。"

LangString ReallyDelete ${LANG_ENGLISH} "All your stories will be deleted for ever. Delete them?"
LangString ReallyDelete ${LANG_KOREAN} "모든 이야기가 영영 사라져요. 정말 지울까요?"
LangString ReallyDelete ${LANG_JAPANESE} "すべての物語が完全に削除されます。本当に削除しますか。"
