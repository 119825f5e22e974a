/** The explorer page: starts with the session, then with the log-in or the graph. */
import { render } from 'preact'
import './page.css'
import { Root } from './root'
import { currentLanguage, setLanguage } from './words'

setLanguage(currentLanguage())
const place = document.getElementById('page')
if (place) render(<Root />, place)
